/** The way that one ticket took: its states with what led there, and the diagram with that way marked. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { toInstant } from '../../models/instant';
import { pathOf, type Step, type Turn } from '../../models/tickets/path';
import type { Process } from '../../models/tickets/rules';
import { seesInternal } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { diagramOf, type Move } from '../../workflows/diagram';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { TicketParams } from '../tickets/routes';
import { selectTicket } from '../tickets/select';
import { actorOn, viewerOf } from '../tickets/sight';

const at = z.iso.datetime();

const PathStep = z
  .object({
    state: z.string(),
    event: z.string().nullable().describe('What led there; null: not for this reader.'),
    actor: z
      .object({ kind: z.enum(['person', 'system']), id: z.uuid().nullable(), name: z.string() })
      .nullable(),
    at: at.describe('Since when.'),
    until: at.nullable().describe('null: it is there.'),
    stayedSeconds: z.int().nullable().describe('Up to now where it is; null where it ended.'),
  })
  .meta({ id: 'PathStep' });

/** More steps would be no picture; the feed has them all. */
const longest = 1_000;

export function pathRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/path`,
    tag: title,
    summary: 'The way that it took: its states, what led there, and how long it stayed.',
    access: `${type}:read`,
    params: TicketParams,
    reply: {
      status: 200,
      description: 'In the order of time.',
      body: z.object({
        asOf: at,
        isComplete: z.boolean().describe(`False: only the last ${longest} steps.`),
        data: z.array(PathStep),
        mermaid: z.string().describe('The diagram of the process with this way marked.'),
      }),
    },
    handle: async ({ actor, params }) =>
      deps.database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const { ticket } = found;
        const turns = await readTurns(tx, ticket.id, actorOn(found, actor));
        const asOf = await tx.now();
        const kept = turns.slice(-longest);
        const data = pathOf(process.declaration, ticket.state, kept, asOf);
        const way = { states: data.map(({ state }) => state), moves: movesOf(data) };
        return {
          body: {
            ...{ asOf, isComplete: kept.length === turns.length, data },
            mermaid: diagramOf(process.declaration, way),
          },
        };
      }),
  });
}

function movesOf(steps: readonly Step[]): Move[] {
  return steps
    .slice(1)
    .map(({ state, event }, k) => ({ from: steps[k]?.state ?? state, to: state, event }));
}

interface TurnRow extends Omit<Turn, 'at'> {
  readonly at: Date;
}

/** No fact leaves as many lines; their versions follow on each other. */
const linesOfFact = 50;

/** The opening and every fact that changed the state: one more than are shown, the oldest first. */
async function readTurns(tx: Tx, ticketId: string, actor: Actor): Promise<Turn[]> {
  const rows = await tx.rows<TurnRow>(
    `select e.occurred_at as at, e.actor, e.data #> '{changes,state}' as change,
            array(select f.type from ticket_events f
                   where f.organization_id = e.organization_id and f.ticket_id = e.ticket_id
                     and f.version between e.version and e.version + ${linesOfFact}
                     and (f.cause = e.cause or starts_with(f.cause, e.cause || '#'))
                     and (f.visibility = 'public' or $3)
                   order by f.version) as events
       from ticket_events e
      where e.organization_id = $1 and e.ticket_id = $2
        and (e.version = 1 or e.data #> '{changes,state}' is not null)
      order by e.version desc limit ${longest + 1}`,
    [tx.organizationId, ticketId, seesInternal(actor)],
  );
  return rows.reverse().map(({ at: happenedAt, actor: { kind, id, name }, change, events }) => ({
    ...{ at: toInstant(happenedAt), actor: { kind, id, name }, change, events },
  }));
}
