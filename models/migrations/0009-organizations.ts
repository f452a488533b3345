/**
 * Organizations have settings with a revision, can be suspended and deleted, and are made and ended by an
 * operator who stands outside all of them: a role that sees organizations and none of their tickets.
 */

/** When a deleted organization can no longer be brought back. */
const isPastGrace = `deleted_at < now() - interval '30 days'`;

const standing = `
alter table organizations
  add column revision integer not null default 1,
  add column suspension_reason text,
  add column resumed_at timestamptz,
  add column deleted_at timestamptz;
-- The application edits settings; who may come in at all is the operator's to say.
revoke update, delete on organizations from holdfast_app;
grant update (name, settings, revision) on organizations to holdfast_app;

-- Tenantless: outlives the organization, so that nobody is ever taken for the one before.
create table organization_slugs (
  slug text primary key,
  given_to uuid not null unique,
  given_at timestamptz not null default clock_timestamp(),
  purged_at timestamptz,
  -- Deleted rows by table; counted batch by batch, so that a purge that was killed has lost none.
  purged jsonb not null default '{}'
);
grant insert on organization_slugs to holdfast_app;

-- Tenantless: what an installation without any organization is set up with; one row at most.
create table setup_tokens (
  is_only boolean primary key default true check (is_only),
  seed uuid not null,
  -- SHA-256 in hexadecimal.
  token_hash text not null
);
grant select, insert, update, delete on setup_tokens to holdfast_app;

-- The owner, too, is bound by the walls; this transaction is to see all organizations.
alter table organizations no force row level security;
insert into organization_slugs (slug, given_to, given_at) select slug, id, created_at from organizations;
alter table organizations force row level security;
create function keep_slug() returns trigger language plpgsql as $$
begin
  insert into organization_slugs (slug, given_to) values (new.slug, new.id);
  delete from setup_tokens;
  return null;
end $$;
create trigger slug_is_kept after insert on organizations for each row execute function keep_slug();

create function keep_default_team() returns trigger language plpgsql as $$
begin
  if exists (select 1 from organizations where id = old.organization_id and deleted_at is null
                and settings->>'defaultTeamId' = old.id::text) then
    raise foreign_key_violation using
      message = 'It is the default team', constraint = 'organizations_default_team';
  end if;
  return old;
end $$;
create trigger default_team_stays before delete on teams for each row execute function keep_default_team();`;

/**
 * In a function, because the role may come later than the tables: whoever upgrades makes it with
 * `npm run migrate -- --admin-url`, which calls this again.
 */
const operator = `
create function admit_operator() returns void language plpgsql set search_path = public, pg_temp as $$
declare t text;
begin
  if not exists (select 1 from pg_roles where rolname = 'holdfast_operator') then return; end if;
  grant select on organizations, organization_slugs to holdfast_operator;
  grant insert (id, slug, name, settings) on organizations to holdfast_operator;
  grant update (suspended_at, suspension_reason, resumed_at, deleted_at) on organizations
    to holdfast_operator;
  grant insert on organization_slugs, audit_events to holdfast_operator;
  grant delete on setup_tokens to holdfast_operator;
  grant execute on function wake_organization(uuid, text[]) to holdfast_operator;
  drop policy if exists operator on organizations;
  create policy operator on organizations for select to holdfast_operator using (true);
  foreach t in array array['users', 'teams', 'team_members', 'calendars', 'sla_policies'] loop
    execute format('grant insert on %I to holdfast_operator', t);
    -- Only into an organization of the same transaction: nobody becomes administrator of one that is there.
    execute format('drop policy if exists founding on %I', t);
    execute format(
      'create policy founding on %I as restrictive for insert to holdfast_operator with check (exists (
         select 1 from organizations o where o.id = organization_id and o.created_at = now()))', t);
  end loop;
end $$;
select admit_operator();`;

/** While an organization is suspended, some entries of agendas wait; the rest of a life goes on. */
const suspension = `
-- Whether something else than what waits was due before that instant.
create function is_due_beside(snapshot jsonb, waiting text[], before timestamptz)
  returns boolean language sql stable as $$
  select exists (select 1 from jsonb_array_elements(snapshot->'agenda') e
                  where e->>'key' <> all (waiting) and (e->>'at')::timestamptz < before)
      or exists (select 1 from jsonb_array_elements(snapshot->'work') w
                  where (w->>'expectedBy')::timestamptz < before)
$$;
drop function overdue_tickets(integer, integer);
create function overdue_tickets(grace_seconds integer, how_many integer, waiting text[] default '{}')
  returns table (organization_id uuid, ticket_id uuid, next_due_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  with late as (select now() - make_interval(secs => grace_seconds) as at)
  select t.organization_id, t.id, t.next_due_at
    from late cross join tickets t join organizations o on o.id = t.organization_id
   where not t.is_settled and t.next_due_at < late.at
     and (t.lease_until is null or t.lease_until < now())
     and coalesce(o.resumed_at < late.at, true)
     and (o.suspended_at is null or is_due_beside(t.snapshot, waiting, late.at))
     and not coalesce(o.${isPastGrace}, false)
   order by t.next_due_at limit how_many
$$;
create or replace function unsettled_tickets(after_organization uuid, after_ticket uuid, how_many integer)
  returns table (organization_id uuid, ticket_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select organization_id, id from tickets
   where not is_settled and (organization_id, id) > (after_organization, after_ticket)
     and organization_id not in (select o.id from organizations o where o.${isPastGrace})
   order by organization_id, id limit how_many
$$;
-- Tells the lives of all tickets that have something on their agenda that waited; how many.
create function wake_organization(wanted uuid, waiting text[])
  returns integer language sql volatile security definer set search_path = public, pg_temp as $$
  with told as (
    insert into engine_outbox (organization_id, ticket_id, id, kind, name, lease_until)
    select t.organization_id, t.id, 'look/resumed/' || extract(epoch from clock_timestamp()),
           'signal', 'look', null
      from tickets t
     where t.organization_id = wanted and not t.is_settled
       and exists (select 1 from jsonb_array_elements(t.snapshot->'agenda') e
                    where e->>'key' = any (waiting))
    on conflict do nothing returning 1)
  select count(*)::int from told
$$;
grant insert on engine_outbox to holdfast_system;`;

const deletion = `
-- Also on tables that are made later: a purge must be able to delete from every table of tenants.
grant select, update, delete on all tables in schema public to holdfast_system;
alter default privileges in schema public grant select, update, delete on tables to holdfast_system;

create function organizations_to_purge()
  returns table (id uuid, slug text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select id, slug from organizations where ${isPastGrace} order by deleted_at
$$;
-- Deletes from one table at a time, one that no other table with rows of this organization refers to.
-- The tables come from the catalog, so that a new one is not forgotten. No row: nothing is left.
create function purge_organization(wanted uuid, how_many integer)
  returns table (name text, gone integer)
  language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  t record;
  filled oid[] := '{}';
  has_rows boolean;
  own_reference text;
  untied integer;
begin
  if not exists (select 1 from organizations o where o.id = wanted and o.${isPastGrace}) then
    raise exception 'The organization % is not to be purged', wanted;
  end if;
  -- Several workers come by: two that delete the same rows in another order would wait for each other.
  perform pg_advisory_xact_lock(hashtextextended('purge/' || wanted, 0));
  for t in select c.oid, c.relname from pg_class c
             join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname
  loop
    execute format('select exists (select 1 from %I where organization_id = $1)', t.relname)
      into has_rows using wanted;
    if has_rows then filled := filled || t.oid; end if;
  end loop;
  if filled = '{}' then return; end if;
  select c.oid, c.relname into t from pg_class c
   where c.oid = any (filled)
     and not exists (select 1 from pg_constraint k where k.contype = 'f' and k.confrelid = c.oid
                        and k.conrelid <> c.oid and k.conrelid = any (filled))
   order by c.relname limit 1;
  if t.oid is null then
    raise exception 'These tables refer to each other: %', filled::regclass[];
  end if;
  name := t.relname;
  gone := 0;
  -- Rows that refer to rows of their own table could be deleted in no order of batches.
  for own_reference in
    select a.attname from pg_constraint k
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[array_length(k.conkey, 1)]
     where k.contype = 'f' and k.conrelid = t.oid and k.confrelid = t.oid and not a.attnotnull
  loop
    execute format('update %1$I set %2$I = null where ctid = any(array(
      select ctid from %1$I where organization_id = $1 and %2$I is not null limit $2))', name, own_reference)
      using wanted, how_many;
    get diagnostics untied = row_count;
    if untied > 0 then return next; return; end if;
  end loop;
  execute format('delete from %1$I where ctid = any(array(
    select ctid from %1$I where organization_id = $1 limit $2))', name) using wanted, how_many;
  get diagnostics gone = row_count;
  update organization_slugs s
     set purged = jsonb_set(s.purged, array[t.relname::text],
                            to_jsonb(coalesce((s.purged->>t.relname)::int, 0) + gone))
   where s.given_to = wanted;
  return next;
end $$;
-- The last row of an organization that has no others; its slug stays.
create function forget_organization(wanted uuid)
  returns void language sql volatile security definer set search_path = public, pg_temp as $$
  update organization_slugs set purged_at = clock_timestamp()
   where given_to = wanted
     and exists (select 1 from organizations o where o.id = wanted and o.${isPastGrace});
  delete from organizations o where o.id = wanted and o.${isPastGrace};
$$;
do $$
declare f regprocedure;
begin
  foreach f in array array[
    'overdue_tickets(integer, integer, text[])', 'organizations_to_purge()', 'forget_organization(uuid)',
    'purge_organization(uuid, integer)', 'wake_organization(uuid, text[])'
  ]::regprocedure[]
  loop
    execute format('alter function %s owner to holdfast_system', f);
    execute format('revoke all on function %s from public', f);
  end loop;
  foreach f in array array[
    'overdue_tickets(integer, integer, text[])', 'organizations_to_purge()', 'forget_organization(uuid)',
    'purge_organization(uuid, integer)'
  ]::regprocedure[]
  loop
    execute format('grant execute on function %s to holdfast_app', f);
  end loop;
end $$;`;

export const organizations = [standing, suspension, deletion, operator].join('\n');
