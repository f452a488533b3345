/** Saved lists of tickets, with those that every organization begins with. */
import { walled } from './walls';

const table = `
create table views (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  scope text not null check (scope in ('person', 'team', 'organization')),
  owner_id uuid,
  team_id uuid,
  -- 'tickets': of all types.
  ticket_type text not null,
  -- As a caller writes them in the query of a list; null: none, the default, all of them.
  filter text,
  sort text,
  fields text[],
  position integer not null default 0,
  revision integer not null default 1,
  primary key (organization_id, id),
  constraint views_name_key unique nulls not distinct (organization_id, owner_id, team_id, name),
  foreign key (organization_id, owner_id) references users (organization_id, id),
  foreign key (organization_id, team_id) references teams (organization_id, id),
  check ((scope = 'person') = (owner_id is not null)),
  check ((scope = 'team') = (team_id is not null))
);
create index views_of_team on views (organization_id, team_id);`;

/** A trigger, as for the protected roles: whoever founds an organization need not think of it. */
const first = `
create function default_views(organization uuid) returns setof views language sql as $$
  select organization, gen_random_uuid(), v.name, 'organization', null::uuid, null::uuid, 'tickets',
         v.filter, v.sort, null::text[], v.position, 1
    from (values
      ('My open tickets', 'assignee==me;isOpen==true', 'dueAt', 1),
      ('My teams'' unassigned', 'team==myTeams;assignee=isnull=true;isOpen==true',
       'priority,openedAt', 2),
      ('Overdue', 'isOverdue==true;isOpen==true', 'dueAt', 3),
      ('Awaiting my approval', 'type==approval;awaited==me;isOpen==true', 'openedAt', 4)
    ) as v (name, filter, sort, position)
$$;
-- The owner, too, is bound by the walls; what runs in this transaction is to see all organizations.
alter table organizations no force row level security;
insert into views select v.* from organizations o, default_views(o.id) v where o.deleted_at is null;
alter table organizations force row level security;
create function give_default_views() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into views select * from default_views(new.id);
  return null;
end $$;
create trigger organizations_views after insert on organizations
  for each row execute function give_default_views();`;

const rights = `
grant insert on views to holdfast_system;
alter function give_default_views() owner to holdfast_system;
revoke all on function give_default_views() from public;`;

/** Lists of all types in the order of their opening. */
const indexes = `
create index tickets_all_recent on tickets (organization_id, opened_at desc, id);`;

export const views = [table, first, walled('views'), rights, indexes].join('\n');
