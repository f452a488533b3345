/** Clocks as rows, for figures over many tickets, and the lines of the feed that say what changed when. */
import { walled } from './walls';

/** What was decided before there was the table. Clocks that run come with the fact that moves them next. */
export const decidedBefore = `
insert into sla_clocks (organization_id, ticket_id, clock_id, ticket_type, target, kind, metric, team_id,
    policy_id, policy_version, rule, priority, service_id, ticket_team_id, state, target_seconds,
    started_at, missed_at, stopped_at)
  select t.organization_id, t.id, c->>'id', t.type, coalesce(c->>'target', c->>'id'), c->>'kind',
         c->>'metric', (c->>'teamId')::uuid, (c #>> '{terms,policy,id}')::uuid,
         (c #>> '{terms,policy,version}')::integer, c #>> '{terms,rule}', t.priority, t.service_id,
         t.team_id, 'stopped', (c #>> '{terms,targetSeconds}')::double precision,
         (c->>'startedAt')::timestamptz,
         (select min((b->>'at')::timestamptz) from jsonb_array_elements(c->'breaches') b
           where b->>'withdrawnAt' is null and b->'targetSeconds' = c #> '{terms,targetSeconds}'),
         (c->>'stoppedAt')::timestamptz
    from tickets t, jsonb_array_elements(t.snapshot->'clocks') c
   where c->>'state' = 'stopped';`;

const clocks = `
-- What the clocks of tickets come to. The snapshot of the ticket is the clock itself; this follows it, written
-- in the same transaction, and only for clocks that the fact has moved.
create table sla_clocks (
  organization_id uuid not null,
  ticket_id uuid not null,
  clock_id text not null,
  ticket_type text not null,
  target text not null,
  kind text not null check (kind in ('SLA', 'OLA', 'UC')),
  metric text not null,
  -- Whose clock it is, of an OLA.
  team_id uuid,
  policy_id uuid not null,
  policy_version integer not null,
  rule text,
  -- Of the ticket: as it stands while the clock goes on, as it stood then once the clock has ended.
  priority text,
  service_id uuid,
  ticket_team_id uuid,
  state text not null check (state in ('running', 'paused', 'stopped', 'cancelled')),
  target_seconds double precision not null,
  started_at timestamptz not null,
  -- Null while paused and once cancelled.
  due_at timestamptz,
  -- From when on the present target is missed; of a running clock it may lie ahead.
  missed_at timestamptz,
  stopped_at timestamptz,
  -- Working time that was used until the stop; null before, and of clocks older than this table.
  elapsed_ms bigint,
  -- When it was decided whether the promise is kept, or will be unless something happens.
  judged_at timestamptz generated always as
    (coalesce(missed_at, case when state = 'stopped' then stopped_at end)) stored,
  primary key (organization_id, ticket_id, clock_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id)
);
create index sla_clocks_judged on sla_clocks (organization_id, judged_at);
-- The owner, too, is bound by the walls; this transaction is to see all organizations.
alter table tickets no force row level security;
${decidedBefore}
alter table tickets force row level security;
${walled('sla_clocks')}`;

const lines = `
-- Time in states and changes of hands are counted from the feed itself.
create index ticket_events_changes on ticket_events (organization_id, occurred_at)
  where data ? 'changes';`;

export const slaFigures = [clocks, lines].join('\n');
