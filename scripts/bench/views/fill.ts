/** Many tickets for lists, copied by SQL from one: they owe the engine nothing, so nobody looks for their lives. */
import type { Rows } from '../rows';

export interface Filling {
  readonly total: number;
  /** Of all tickets. */
  readonly openShare: number;
  readonly teams: number;
}

/** There is one incident, opened by hand; agents are spread over the teams, tickets over all of it. */
export async function fill(rows: Rows, filling: Filling): Promise<void> {
  const { total, openShare, teams } = filling;
  await rows.query(teamsSql, [teams]);
  await rows.query(membersSql, [teams]);
  await rows.query('set session_replication_role = replica');
  await rows.query(ticketsSql, [total, openShare]);
  await rows.query('set session_replication_role = origin');
  await rows.query('vacuum analyze tickets');
}

const teamsSql = `
  insert into teams (organization_id, id, name)
  select current_setting('app.organization')::uuid, gen_random_uuid(), 'Team ' || n
    from generate_series(1, $1::int) n`;

const membersSql = `
  insert into team_members (organization_id, team_id, user_id)
  select u.organization_id, t.id, u.id
    from (select *, row_number() over (order by id) as n from users where role = 'agent') u
    join (select *, row_number() over (order by id) as n from teams where name like 'Team %') t
      on t.n = 1 + u.n % $1::int
  on conflict do nothing`;

/** One of ten is an approval; of the open ones a third is nobody's, a third is overdue. */
const ticketsSql = `
  with origin as materialized (select t as as_stored from tickets t),
  agents as (select array_agg(id order by id) as ids from users where role = 'agent'),
  people as (select array_agg(id order by id) as ids from users where role = 'end_user'),
  groups as (select array_agg(id order by id) as ids from teams),
  made as (
    select n, n % 10 = 0 as is_approval, random() < $2::float8 as is_open, random() as chance,
           clock_timestamp() - random() * interval '700 days' as opened_at,
           groups.ids[1 + floor(random() * cardinality(groups.ids))::int] as team_id,
           agents.ids[1 + floor(random() * cardinality(agents.ids))::int] as agent_id,
           people.ids[1 + floor(random() * cardinality(people.ids))::int] as person_id
      from generate_series(1, $1::int) n, agents, people, groups)
  insert into tickets
  select (jsonb_populate_record(o.as_stored, jsonb_build_object(
    'id', gen_random_uuid(), 'type', case when m.is_approval then 'approval' else 'incident' end,
    'number', case when m.is_approval then 'APR' else 'INC' end || lpad((1000000 + m.n)::text, 7, '0'),
    'state', case when m.is_approval and m.is_open then 'pending' when m.is_approval then 'approved'
                  when m.is_open then 'assigned' else 'closed' end,
    'is_open', m.is_open, 'is_settled', true, 'next_due_at', null,
    'opened_at', m.opened_at, 'updated_at', m.opened_at,
    'requester_id', m.person_id, 'opened_by_id', m.person_id, 'team_id', m.team_id,
    'assignee_id', case when m.is_open and m.chance < 0.33 then null else m.agent_id end,
    'watcher_ids', case when m.chance < 0.1 then jsonb_build_array(m.agent_id) else '[]'::jsonb end,
    'awaited_ids', case when m.is_approval and m.is_open then jsonb_build_array(m.agent_id)
                        else '[]'::jsonb end,
    'priority', 'P' || (1 + m.n % 4),
    'due_at', case when m.is_open then clock_timestamp() + (m.chance - 0.33) * interval '3 days' end))).*
    from made m, origin o`;
