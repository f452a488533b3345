/** Organizations, people, tickets, their feed, what they owe, and the walls between tenants. */

const organizations = `
create table organizations (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
  name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create table users (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('end_user', 'agent', 'manager', 'admin')),
  password_hash text not null,
  manager_id uuid,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, manager_id) references users (organization_id, id)
);
-- Across organizations on purpose: an address signs in before its organization is known.
create unique index users_email on users (lower(email));
create table refresh_tokens (
  organization_id uuid not null,
  id uuid not null,
  family_id uuid not null,
  user_id uuid not null,
  token_hash text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index refresh_tokens_user on refresh_tokens (organization_id, user_id);
create table teams (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  lead_id uuid,
  is_active boolean not null default true,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, lead_id) references users (organization_id, id)
);
create table team_members (
  organization_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  primary key (organization_id, team_id, user_id),
  foreign key (organization_id, team_id) references teams (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index team_members_user on team_members (organization_id, user_id);
create table services (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  description text not null default '',
  team_id uuid,
  is_active boolean not null default true,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, team_id) references teams (organization_id, id)
);
create table categories (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  parent_id uuid,
  is_active boolean not null default true,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, parent_id) references categories (organization_id, id)
);`;

const agreements = `
create table calendars (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  version integer not null,
  name text not null,
  definition jsonb not null,
  primary key (organization_id, id, version)
);
create table sla_policies (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  version integer not null,
  ticket_type text not null,
  name text not null,
  definition jsonb not null,
  published_at timestamptz not null default now(),
  primary key (organization_id, id, version)
);
create index sla_policies_current on sla_policies (organization_id, ticket_type, version desc);`;

const tickets = `
create table ticket_numbers (
  organization_id uuid not null references organizations (id),
  type text not null,
  last integer not null,
  primary key (organization_id, type)
);
create table tickets (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  type text not null,
  number text not null,
  definition_version integer not null,
  state text not null,
  is_open boolean not null,
  is_settled boolean not null,
  version integer not null,
  revision integer not null,
  life integer not null default 1,
  title text not null,
  description text not null,
  impact text,
  urgency text,
  priority text,
  requester_id uuid not null,
  opened_by_id uuid not null,
  assignee_id uuid,
  team_id uuid,
  service_id uuid,
  category_id uuid,
  watcher_ids uuid[] not null default '{}',
  channel text not null,
  opened_at timestamptz not null,
  resolved_at timestamptz,
  closed_at timestamptz,
  due_at timestamptz,
  updated_at timestamptz not null,
  snapshot jsonb not null,
  next_due_at timestamptz,
  lease_until timestamptz,
  primary key (organization_id, id),
  unique (organization_id, type, number),
  foreign key (organization_id, requester_id) references users (organization_id, id),
  foreign key (organization_id, opened_by_id) references users (organization_id, id),
  foreign key (organization_id, assignee_id) references users (organization_id, id),
  foreign key (organization_id, team_id) references teams (organization_id, id),
  foreign key (organization_id, service_id) references services (organization_id, id),
  foreign key (organization_id, category_id) references categories (organization_id, id)
);
create index tickets_recent on tickets (organization_id, type, opened_at desc, id);
create index tickets_state on tickets (organization_id, type, state, opened_at desc);
create index tickets_assignee on tickets (organization_id, assignee_id) where is_open;
create index tickets_team on tickets (organization_id, team_id) where is_open;
create index tickets_requester on tickets (organization_id, requester_id);
create index tickets_due on tickets (organization_id, type, due_at) where due_at is not null;
-- What the watchdog reads, across organizations.
create index tickets_next_due on tickets (next_due_at) where not is_settled;
create index tickets_unsettled on tickets (organization_id, id) where not is_settled;

create table ticket_events (
  organization_id uuid not null,
  seq bigint generated always as identity,
  id uuid not null,
  ticket_id uuid not null,
  version integer not null,
  cause text not null,
  type text not null,
  visibility text not null check (visibility in ('public', 'internal')),
  actor jsonb not null,
  via text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  data jsonb not null,
  primary key (organization_id, id),
  unique (organization_id, ticket_id, version),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);
create unique index ticket_events_cause on ticket_events (organization_id, cause, ticket_id);
create index ticket_events_seq on ticket_events (organization_id, seq);

create table ticket_refusals (
  organization_id uuid not null,
  ticket_id uuid not null,
  cause text not null,
  outcome text not null check (outcome in ('refused', 'failed')),
  name text not null,
  code text not null,
  message text not null,
  details jsonb not null default '{}',
  fact jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  retried_at timestamptz,
  primary key (organization_id, cause, ticket_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);
create index ticket_refusals_ticket on ticket_refusals (organization_id, ticket_id);

create table ticket_comments (
  organization_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  author_id uuid not null,
  is_public boolean not null,
  body text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, author_id) references users (organization_id, id)
);
create index ticket_comments_ticket on ticket_comments (organization_id, ticket_id, created_at, id);

create table ticket_links (
  organization_id uuid not null,
  ticket_id uuid not null,
  kind text not null,
  other_id uuid not null,
  primary key (organization_id, ticket_id, kind, other_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, other_id) references tickets (organization_id, id)
);
create index ticket_links_other on ticket_links (organization_id, other_id);

create table notifications (
  organization_id uuid not null,
  id uuid not null,
  recipient_id uuid not null,
  ticket_id uuid,
  cause text not null,
  template text not null,
  subject text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  read_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, recipient_id) references users (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);
-- Each step tells each person once, also after a crash.
create unique index notifications_once
  on notifications (organization_id, ticket_id, cause, recipient_id, template);
create index notifications_recipient on notifications (organization_id, recipient_id, created_at desc, id);

create table engine_outbox (
  organization_id uuid not null,
  ticket_id uuid not null,
  id text not null,
  kind text not null check (kind in ('start', 'signal')),
  name text not null,
  payload jsonb not null default '{}',
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  -- Whoever wrote the row tries first.
  lease_until timestamptz default now() + interval '1 second',
  last_error text,
  set_aside_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, ticket_id, id)
);
create index engine_outbox_next on engine_outbox (next_at) where set_aside_at is null;

create table idempotency_keys (
  organization_id uuid not null,
  actor_id uuid not null,
  key text not null,
  request_hash text not null,
  command_id uuid not null,
  status integer,
  headers jsonb,
  body jsonb,
  lease_until timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, actor_id, key)
);
create index idempotency_keys_age on idempotency_keys (organization_id, actor_id, created_at);

create table pending_commands (
  organization_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  ticket_id uuid not null,
  name text not null,
  received_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);

-- Tenantless: counts requests by an opaque key; lost after a crash without harm.
create unlogged table rate_limits (
  key text not null,
  window_start timestamptz not null,
  hits integer not null,
  primary key (key, window_start)
);`;

/** Every table with an organization is walled; `organizations` by its own id. */
const walls = `
do $$
declare t text;
begin
  for t in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind = 'r' and c.relname not in ('migrations', 'rate_limits')
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant on %I using (%I = nullif(current_setting(''app.organization'', true), '''')::uuid)',
      t, case when t = 'organizations' then 'id' else 'organization_id' end);
    execute format('create policy across on %I to holdfast_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to holdfast_app', t);
  end loop;
end $$;
grant select, insert, update, delete on rate_limits to holdfast_app;
grant usage on all sequences in schema public to holdfast_app;
grant select on organizations, users, tickets, refresh_tokens to holdfast_system;
grant select, update on engine_outbox to holdfast_system;`;

/** What must be known before or across organizations, and no more than that. */
const acrossOrganizations = `
create function find_login(address text)
  returns table (organization_id uuid, organization_slug text, user_id uuid, name text, email text,
                 role text, password_hash text, is_active boolean)
  language sql stable security definer set search_path = public, pg_temp as $$
  select u.organization_id, o.slug, u.id, u.name, u.email, u.role, u.password_hash, u.is_active
    from users u join organizations o on o.id = u.organization_id
   where lower(u.email) = lower(address)
$$;
create function organization_directory()
  returns table (id uuid, slug text, name text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select id, slug, name from organizations order by slug
$$;
create function claim_outbox(how_many integer, lease_seconds integer)
  returns table (organization_id uuid, ticket_id uuid, id text, kind text, name text, payload jsonb,
                 attempts integer, created_at timestamptz)
  language sql volatile security definer set search_path = public, pg_temp as $$
  update engine_outbox o
     set lease_until = now() + make_interval(secs => lease_seconds), attempts = o.attempts + 1
    from (select p.organization_id, p.ticket_id, p.id from engine_outbox p
           where p.set_aside_at is null and p.next_at <= now()
             and (p.lease_until is null or p.lease_until < now())
           order by p.next_at limit how_many for update skip locked) due
   where (o.organization_id, o.ticket_id, o.id) = (due.organization_id, due.ticket_id, due.id)
  returning o.organization_id, o.ticket_id, o.id, o.kind, o.name, o.payload, o.attempts, o.created_at
$$;
create function outbox_state()
  returns table (waiting integer, set_aside integer, oldest_seconds double precision)
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) filter (where set_aside_at is null)::int,
         count(*) filter (where set_aside_at is not null)::int,
         coalesce(extract(epoch from now() - min(created_at) filter (where set_aside_at is null)), 0)
    from engine_outbox
$$;
create function overdue_tickets(grace_seconds integer, how_many integer)
  returns table (organization_id uuid, ticket_id uuid, next_due_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  select organization_id, id, next_due_at from tickets
   where not is_settled and next_due_at < now() - make_interval(secs => grace_seconds)
     and (lease_until is null or lease_until < now())
   order by next_due_at limit how_many
$$;
create function unsettled_tickets(after_organization uuid, after_ticket uuid, how_many integer)
  returns table (organization_id uuid, ticket_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select organization_id, id from tickets
   where not is_settled and (organization_id, id) > (after_organization, after_ticket)
   order by organization_id, id limit how_many
$$;
create function find_tickets(wanted text)
  returns table (organization_id uuid, ticket_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select t.organization_id, t.id from tickets t join organizations o on o.id = t.organization_id
   where t.id::text = wanted or o.slug || '/' || t.type || '/' || t.number = wanted
$$;
create function take_rate_limit(limit_key text, window_seconds integer, amount integer)
  returns integer language sql volatile as $$
  insert into rate_limits as r (key, window_start, hits)
  values (limit_key, to_timestamp(floor(extract(epoch from now()) / window_seconds) * window_seconds), amount)
  on conflict (key, window_start) do update set hits = r.hits + excluded.hits
  returning hits
$$;
do $$
declare f regprocedure;
begin
  foreach f in array array[
    'find_login(text)', 'organization_directory()', 'claim_outbox(integer, integer)', 'outbox_state()',
    'overdue_tickets(integer, integer)', 'unsettled_tickets(uuid, uuid, integer)', 'find_tickets(text)'
  ]::regprocedure[]
  loop
    execute format('alter function %s owner to holdfast_system', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to holdfast_app', f);
  end loop;
end $$;`;

export const foundation = [organizations, agreements, tickets, walls, acrossOrganizations].join(
  '\n',
);
