/** The service catalog: categories, items in versions that are never edited once they were published, orders. */
import { walled } from './walls';

const catalog = `
create table catalog_categories (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  description text not null default '',
  position integer not null default 0,
  parent_id uuid,
  is_active boolean not null default true,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, parent_id) references catalog_categories (organization_id, id)
);
create index catalog_categories_parent on catalog_categories (organization_id, parent_id);
-- The item itself: where it stands in the catalog. What one gets is said by its versions.
create table catalog_items (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  category_id uuid not null,
  -- That of its newest version.
  name text not null,
  position integer not null default 0,
  state text not null default 'draft' check (state in ('draft', 'published', 'retired')),
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, category_id) references catalog_categories (organization_id, id)
);
create index catalog_items_category on catalog_items (organization_id, category_id, position);
create table catalog_item_versions (
  organization_id uuid not null,
  id uuid not null,
  version integer not null check (version > 0),
  name text not null,
  -- See models/service-catalog/shape.ts.
  definition jsonb not null,
  -- Published: what is ordered now. Retired: it was published; requests go on with it.
  state text not null default 'draft' check (state in ('draft', 'published', 'retired')),
  -- Whoever wrote it last.
  written_by_id uuid not null,
  written_at timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  retired_at timestamptz,
  revision integer not null default 1,
  primary key (organization_id, id, version),
  foreign key (organization_id, id) references catalog_items (organization_id, id),
  foreign key (organization_id, written_by_id) references users (organization_id, id),
  check ((state = 'draft') = (published_at is null)),
  check ((state = 'retired') = (retired_at is not null))
);
create unique index catalog_item_versions_draft on catalog_item_versions (organization_id, id)
  where state = 'draft';
create unique index catalog_item_versions_published on catalog_item_versions (organization_id, id)
  where state = 'published';
-- Requests keep the number of what they were ordered of, and processes keep what it says in memory.
create function keep_catalog_item_version() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
begin
  raise exception 'Version % of the catalog item % was published: it is not edited', old.version, old.id;
end $$;
create trigger catalog_item_versions_kept before update of name, definition, version on catalog_item_versions
  for each row when (old.state <> 'draft' and
    (old.name, old.definition, old.version) is distinct from (new.name, new.definition, new.version))
  execute function keep_catalog_item_version();
${walled('catalog_categories', 'catalog_items', 'catalog_item_versions')}`;

const orders = `
create table orders (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  number text not null,
  ordered_by_id uuid not null,
  requested_for_id uuid not null,
  channel text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, number),
  foreign key (organization_id, ordered_by_id) references users (organization_id, id),
  foreign key (organization_id, requested_for_id) references users (organization_id, id)
);
create index orders_by on orders (organization_id, ordered_by_id, created_at desc);
create index orders_for on orders (organization_id, requested_for_id, created_at desc);
create index orders_recent on orders (organization_id, created_at desc, id);
-- One for each request that an order opened.
create table order_items (
  organization_id uuid not null,
  order_id uuid not null,
  -- As it was ordered, from 0.
  position integer not null,
  ticket_id uuid not null,
  item_id uuid not null,
  version integer not null,
  quantity integer not null check (quantity > 0),
  primary key (organization_id, order_id, position),
  foreign key (organization_id, order_id) references orders (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, item_id, version)
    references catalog_item_versions (organization_id, id, version)
);
create unique index order_items_ticket on order_items (organization_id, ticket_id);
create index order_items_item on order_items (organization_id, item_id, version);
${walled('orders', 'order_items')}`;

export const serviceCatalog = [catalog, orders].join('\n');
