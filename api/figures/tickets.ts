/** How long tickets stay in their states and how often they change hands, counted from the feed. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import type { Instant } from '../../models/instant';
import type { Process } from '../../models/tickets/rules';
import type { Actor } from '../../models/users/actor';
import { invalid } from '../../models/errors';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { wallsFor } from '../tickets/sight';
import { periodFields, periodOf, type Period } from './period';

const InState = z.object({
  state: z.string(),
  stays: z.int(),
  totalSeconds: z.int(),
  medianSeconds: z.int(),
});

const handoffs = z.object({
  total: z.int(),
  tickets: z.int().describe('With at least one.'),
  most: z.int().describe('Of one ticket.'),
});

const Figures = z
  .object({
    asOf: z.iso.datetime(),
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    states: z.array(InState),
    handoffs: z.object({
      team: handoffs.describe('To another team than had it last.'),
      assignee: handoffs.describe('To somebody else than had it last.'),
    }),
  })
  .meta({ id: 'TicketFigures' });

export function ticketFiguresRoute({ database }: TicketDeps, processes: readonly Process[]): Route {
  return defineRoute({
    method: 'get',
    path: '/ticket-figures',
    tag: 'Figures',
    access: 'figures:read',
    summary: 'Time in each state and changes of hands, exact at this moment.',
    description:
      'A stay is in the period in which it ended, with all of its length; one that lasts counts up to now when now is in the period. Of tickets that I may see.',
    query: z.strictObject({
      ...periodFields,
      type: z.string().max(60).describe('Of which type, such as `incident`.'),
    }),
    reply: { status: 200, description: 'Real time.', body: Figures },
    handle: async ({ actor, query }) => {
      const process = processes.find(({ declaration }) => declaration.type === query.type);
      if (!process) throw invalid('/query/type', 'is no type of ticket');
      return database.inOrganization(actor.organizationId, async (tx) => {
        const now = await tx.now();
        const period = periodOf(query, now);
        const { lines, ...figures } = await count(tx, { actor, process, period, now });
        if (lines > mostLines) throw tooMuch();
        return { body: { asOf: now, ...period, ...figures } };
      });
    },
  });
}

/** Of changes of state and of hands; more would take longer than a statement may. */
const mostLines = 200_000;

function tooMuch() {
  const why = `has more than ${mostLines} changes before it: ask for less time`;
  return invalid('/query/until', why, 'too_big');
}

interface Asked {
  readonly actor: Actor;
  readonly process: Process;
  readonly period: Period;
  readonly now: Instant;
}

type Counted = Pick<z.infer<typeof Figures>, 'states' | 'handoffs'> & { readonly lines: number };

async function count(tx: Tx, { actor, process, period, now }: Asked): Promise<Counted> {
  const { declaration } = process;
  const lasting = Object.keys(declaration.states).filter(
    (state) => declaration.states[state] !== 'final',
  );
  const binds: unknown[] = [tx.organizationId, declaration.type, period.from, period.until, now];
  const bind = (value: unknown) => `$${binds.push(value)}`;
  const tickets = `t.organization_id = $1 and t.type = $2 and ${wallsFor(actor, bind).isReadable('t')}`;
  const [row] = await tx.rowsOf<Counted>(
    `with lines as materialized (${linesSql(tickets)}),
     moves as (
       select l.*, lag(l.at) over w as since, lead(l.version) over w is null as is_last
         from lines l where l.is_move window w as (partition by l.ticket_id order by l.version)),
     stays as (
       select m.state, m.at as ended, coalesce(m.since, ${movedBefore('m')}, m.opened_at) as began
         from moves m where m.version > 1
       union all
       select t.state, $5::timestamptz, coalesce(m.at, ${lastMove}, t.opened_at)
         from tickets t left join moves m on m.ticket_id = t.id and m.is_last
        where ${tickets} and t.state = any(${bind(lasting)}::text[]) and $3 <= $5 and $5 < $4),
     lengths as (
       -- What was due before is handled at its own instant, which may lie before that of the line above.
       select state, greatest(0, extract(epoch from ended - began)) as seconds from stays),
     states as (
       select state, count(*) as stays, floor(sum(seconds)) as "totalSeconds",
              floor(percentile_cont(0.5) within group (order by seconds)) as "medianSeconds"
         from lengths group by state order by state)
     select (select count(*) from lines)::int as lines,
            (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from states s) as states,
            jsonb_build_object('team', (${handsSql('team')}),
                               'assignee', (${handsSql('assignee')})) as handoffs`,
    binds,
  );
  if (!row) throw new Error('PostgreSQL did not answer');
  return row;
}

/** What the feed says of states and hands in the period, as columns. */
function linesSql(tickets: string): string {
  const side = (field: string, name: string) =>
    `e.data #>> '{changes,${field},from}' as ${name}_from, e.data #>> '{changes,${field},to}' as ${name}_to`;
  const isChanged = (field: string) => `e.data #> '{changes,${field}}' is not null`;
  return `select e.ticket_id, e.version, e.occurred_at as at, t.opened_at,
      e.version = 1 or ${isChanged('state')} as is_move, e.data #>> '{changes,state,from}' as state,
      ${side('teamId', 'team')}, ${side('assigneeId', 'assignee')}
    from ticket_events e join tickets t on t.organization_id = $1 and t.id = e.ticket_id
   where e.organization_id = $1 and e.data ? 'changes' and ${tickets}
     and e.occurred_at >= $3 and e.occurred_at < $4 and e.occurred_at <= $5
     and (e.version = 1 or ${['state', 'teamId', 'assigneeId'].map(isChanged).join(' or ')})
   limit ${mostLines + 1}`;
}

/** Since when a ticket that was opened before the period had been in its state when that began. */
const lastMoveOf = (ticketId: string, before: string) => `(
  select p.occurred_at from ticket_events p
   where p.organization_id = $1 and p.ticket_id = ${ticketId} and p.version < ${before}
     and (p.version = 1 or p.data #> '{changes,state}' is not null)
   order by p.version desc limit 1)`;
const movedBefore = (line: string) =>
  `case when ${line}.opened_at < $3 then ${lastMoveOf(`${line}.ticket_id`, `${line}.version`)} end`;
const lastMove = `case when t.opened_at < $3 then ${lastMoveOf('t.id', 't.version + 1')} end`;

/** Handed on is what somebody else has than who had it last, also when nobody had it in between. */
function handsSql(name: 'team' | 'assignee'): string {
  const field = name === 'team' ? 'teamId' : 'assigneeId';
  const [from, to] = [`h.${name}_from`, `h.${name}_to`];
  const earlier = `select p.data #>> '{changes,${field},from}' from ticket_events p
    where p.organization_id = $1 and p.ticket_id = h.ticket_id and p.version < h.version
      and p.data #>> '{changes,${field},from}' is not null order by p.version desc limit 1`;
  const had = `coalesce(${from}, h.had, case when h.opened_at < $3 then (${earlier}) end)`;
  return `select jsonb_build_object('total', coalesce(sum(n), 0), 'most', coalesce(max(n), 0),
      'tickets', count(*) filter (where n > 0))
    from (select count(*) filter (where ${to} <> ${had}) as n
            from (select l.*, lag(coalesce(l.${name}_to, l.${name}_from)) over
                           (partition by l.ticket_id order by l.version) as had
                    from lines l where coalesce(l.${name}_from, l.${name}_to) is not null) h
           group by h.ticket_id) counted`;
}
