/** What a ticket's row can tell: its feed, what will happen next, and how its clocks stand. */
import { z } from 'zod';
import { toInstant, type Instant } from '../../models/instant';
import { clockOfKey, isClockEntry } from '../../models/sla/agenda';
import { calendarOf } from '../../models/sla/agreement';
import { figures } from '../../models/sla/figures';
import { clockKinds, metrics } from '../../models/sla/policy/shape';
import { loadTerms } from '../../models/tickets/kernel/agreed';
import type { FactActor } from '../../models/tickets/fact';
import type { Process } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { seesInternal } from '../../models/users/ability';
import { invalid } from '../../models/errors';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from './door';
import { TicketParams } from './routes';
import { selectTicket } from './select';
import { actorOn, viewerOf } from './sight';

const at = z.iso.datetime();

export function recordRoutes(deps: TicketDeps, process: Process): Route[] {
  return [eventsRoute(deps, process), agendaRoute(deps, process), slaRoute(deps, process)];
}

const TicketEvent = z
  .object({
    id: z.uuid(),
    seq: z.int().describe('Order over all tickets.'),
    version: z.int().describe('Order within the ticket, without gaps.'),
    cause: z.string().describe('What led to it: a command id, a message id, an agenda entry.'),
    type: z.string(),
    visibility: z.enum(['public', 'internal']),
    actor: z.object({
      kind: z.enum(['person', 'system']),
      id: z.uuid().nullable(),
      name: z.string(),
    }),
    via: z.string(),
    at: at.describe('When it happened.'),
    recordedAt: at.describe('When it was written down.'),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TicketEvent' });

const events = defineListing({
  name: 'events',
  item: TicketEvent,
  idSql: 'e.id',
  fields: {
    version: { type: 'integer', column: 'e.version', nullable: false },
    type: { type: 'text', column: 'e.type', nullable: false },
    at: { type: 'instant', column: 'e.occurred_at', nullable: false },
  },
  sorts: ['version', 'at'],
  defaultSort: 'version',
});

interface EventRow {
  id: string;
  seq: string;
  version: number;
  cause: string;
  type: string;
  visibility: 'public' | 'internal';
  actor: FactActor;
  via: string;
  at: Date;
  recordedAt: Date;
  data: Record<string, unknown>;
}

function eventOf({ actor, ...row }: EventRow): z.infer<typeof TicketEvent> {
  const { id, version, cause, type, visibility, via, data } = row;
  return {
    ...{ id, seq: Number(row.seq), version, cause, type, visibility },
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    via,
    at: toInstant(row.at),
    recordedAt: toInstant(row.recordedAt),
    data,
  };
}

/** What happened to clocks is for those who see internal lines: teams and vendors have clocks, too. */
const eventColumns = (isInside: boolean) => `e.id, e.seq, e.version, e.cause, e.type, e.visibility,
  e.actor, e.via, e.occurred_at as at, e.recorded_at as "recordedAt",
  e.data${isInside ? '' : ` - 'clocks'`} as data`;

function eventsRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/events`,
    tag: title,
    summary: 'What happened, in order; internal events for agents only.',
    access: `${type}:read`,
    params: TicketParams,
    query: listQuery(events),
    reply: { status: 200, description: 'A page.', body: pageSchema(TicketEvent) },
    handle: async ({ actor, params, query }) => {
      const page = await deps.database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const { ticket } = found;
        const isInside = seesInternal(actorOn(found, actor));
        const visible = isInside ? 'true' : `e.visibility = 'public'`;
        const where = `e.organization_id = $1 and e.ticket_id = $2 and ${visible}`;
        const source = { select: eventColumns(isInside), from: 'ticket_events e', where };
        const context = { actor, secret: deps.secret, binds: [actor.organizationId, ticket.id] };
        return readPage<EventRow>(tx, { listing: events, query, source, context });
      });
      return pageReply(page, eventOf);
    },
  });
}

const AgendaEntry = z.object({ key: z.string(), at, what: z.string() }).meta({ id: 'AgendaEntry' });

function agendaRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/agenda`,
    tag: title,
    summary: 'What will happen by itself, and when.',
    access: `${type}:read`,
    params: TicketParams,
    reply: {
      status: 200,
      description: 'In the order of time.',
      body: z.object({ data: z.array(AgendaEntry) }),
    },
    handle: async ({ actor, params }) => {
      const found = await deps.database.inOrganization(actor.organizationId, (tx) =>
        selectTicket(tx, viewerOf(process, actor), params.id),
      );
      const { ticket } = found;
      const isInside = seesInternal(actorOn(found, actor));
      const shown = ticket.agenda.filter(({ key }) => isInside || isPromised(ticket, key));
      const data = shown.map(({ key, at: instant, what }) => ({ key, at: instant, what }));
      return { body: { data } };
    },
  });
}

/** Steps of clocks that teams and vendors have are not the requester's. */
function isPromised({ clocks }: Ticket, key: string): boolean {
  if (!isClockEntry(key)) return true;
  const { clockId } = clockOfKey(key);
  return clocks.some(({ id, kind }) => id === clockId && kind === 'SLA');
}

export const ClockFigures = z
  .object({
    id: z.string(),
    kind: z.enum(clockKinds),
    metric: z.enum(metrics),
    teamId: z.uuid().nullable().describe('Whose clock it is, of an OLA.'),
    state: z.enum(['running', 'paused', 'stopped', 'cancelled']),
    targetSeconds: z.number(),
    dueAt: at.nullable(),
    elapsedSeconds: z.int(),
    remainingSeconds: z.int(),
    percent: z.number(),
    breached: z.boolean(),
    breachedAt: at.nullable(),
    breaches: z.array(z.object({ at, targetSeconds: z.number() })),
  })
  .meta({ id: 'ClockFigures' });

/** A reading at an instant much further away would cost more than it can be worth. */
const farthestYears = 20;

function slaRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/sla`,
    tag: title,
    summary: 'How its clocks stand, computed for this moment or another.',
    access: `${type}:read`,
    params: TicketParams,
    query: z.strictObject({
      at: z.iso.datetime({ offset: true }).optional().describe('Another instant than now.'),
    }),
    reply: {
      status: 200,
      description: 'One entry a clock.',
      body: z.object({ asOf: at, data: z.array(ClockFigures) }),
    },
    handle: async ({ actor, params, query }) =>
      deps.database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const { ticket } = found;
        const isInside = seesInternal(actorOn(found, actor));
        const { agreement } = await loadTerms(tx, type, ticket);
        const asOf = instantOf(query.at, await tx.now());
        // What teams and vendors have promised each other is not the requester's.
        const clocks = ticket.clocks.filter(({ kind }) => isInside || kind === 'SLA');
        const data = clocks.map((clock) => {
          const { breaches, ...now } = figures(clock, calendarOf(agreement, clock), asOf);
          return { ...now, breaches: [...breaches] };
        });
        return { body: { asOf, data } };
      }),
  });
}

/** Throws invalid_input when it is too far away. */
export function instantOf(given: string | undefined, now: Instant): Instant {
  if (given === undefined) return now;
  const wanted = toInstant(new Date(given));
  const years = Math.abs(Number(wanted.slice(0, 4)) - Number(now.slice(0, 4)));
  if (years > farthestYears) throw invalid('/query/at', `is more than ${farthestYears} years away`);
  return wanted;
}
