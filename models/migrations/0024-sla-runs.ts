/** Runs over many tickets: what a policy would have made of those that are over, and the news for open ones. */
import { walled } from './walls';

const runs = `
create table sla_runs (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null check (kind in ('dryRun', 'publication', 'calendar')),
  -- Null: of every type.
  ticket_type text,
  -- A policy that was never published may be deleted after its dry run.
  policy_id uuid,
  -- Of a dry run: null, as its definition need not be published.
  version integer,
  -- Of a dry run: what was tried, as it was.
  definition jsonb,
  calendar_id uuid,
  -- Of a dry run: tickets that were resolved in this period.
  period_from timestamptz,
  period_until timestamptz,
  -- From when on it counts; nobody is told before.
  starts_at timestamptz not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'running', 'done', 'failed', 'withdrawn')),
  -- Tickets; null until they were counted.
  total integer,
  done integer not null default 0,
  to_missed integer not null default 0,
  to_met integer not null default 0,
  retargeted integer not null default 0,
  -- How far it has come (models/sla-runs).
  cursor jsonb,
  -- Null: it followed from a publication, whose audit event says by whom.
  started_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  began_at timestamptz,
  ended_at timestamptz,
  error text,
  -- Until then nobody hands it to the engine (again).
  lease_until timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, started_by) references users (organization_id, id),
  check ((state in ('waiting', 'running')) = (ended_at is null))
);
create index sla_runs_recent on sla_runs (organization_id, created_at desc, id);
create index sla_runs_open on sla_runs (lease_until) where ended_at is null;
create table sla_flips (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  run_id uuid not null,
  ticket_id uuid not null,
  clock text not null,
  resolved_at timestamptz not null,
  direction text not null check (direction in ('toMissed', 'toMet')),
  -- See models/sla/verdict.ts.
  before jsonb not null,
  after jsonb not null,
  primary key (organization_id, id),
  unique (organization_id, run_id, ticket_id, clock),
  foreign key (organization_id, run_id) references sla_runs (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);
create index sla_flips_of_run on sla_flips (organization_id, run_id, resolved_at, id);
create index tickets_resolved on tickets (organization_id, type, resolved_at, id)
  where resolved_at is not null;
${walled('sla_runs', 'sla_flips')}`;

const claim = `
grant select, update on sla_runs to holdfast_system;
create function claim_sla_runs(how_many integer, lease_seconds integer)
  returns table (organization_id uuid, organization_slug text, id uuid)
  language sql volatile security definer set search_path = public, pg_temp as $$
  update sla_runs r
     set lease_until = now() + make_interval(secs => lease_seconds)
    from (select p.organization_id, o.slug, p.id
            from sla_runs p join organizations o on o.id = p.organization_id
           where p.ended_at is null and o.deleted_at is null
             and (p.lease_until is null or p.lease_until < now())
           order by p.created_at limit how_many for update of p skip locked) due
   where (r.organization_id, r.id) = (due.organization_id, due.id)
  returning r.organization_id, due.slug, r.id
$$;
alter function claim_sla_runs(integer, integer) owner to holdfast_system;
revoke all on function claim_sla_runs(integer, integer) from public;
grant execute on function claim_sla_runs(integer, integer) to holdfast_app;`;

export const slaRuns = [runs, claim].join('\n');
