/**
 * Links between tickets. A link does something at both ends (it may forbid commands, or resolve a
 * duplicate), so whoever makes or ends one may edit both. The row's own door, also when the engine is away.
 */
import { z } from 'zod';
import { deliverNow } from '../../engine/outbox';
import { hearByRow } from '../../engine/by-row';
import { invalid, Refusal } from '../../models/errors';
import { messageIdOf } from '../../models/tickets/identity';
import type { LinkInput } from '../../models/tickets/linking';
import { linkKinds, type LinkKind } from '../../models/tickets/links';
import type { Process } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { mayEdit } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { defineRoute, type Route } from '../http/route';
import type { Caller, TicketDeps } from './door';
import { TicketLink } from './representation';
import { TicketParams } from './routes';
import { applyToRow } from './row';
import { readTicket, selectTicket } from './select';
import { actorOn, viewerOf } from './sight';

export const LinkKindField = z.enum(linkKinds).describe('What the other one is to this one.');

const NewLink = z
  .strictObject({
    kind: LinkKindField,
    ticketId: z.uuid().optional(),
    number: z.string().min(1).max(60).optional().meta({ example: 'INC0000042' }),
  })
  .refine((given) => given.ticketId !== undefined || given.number !== undefined, {
    message: 'give ticketId or number',
  })
  .meta({ id: 'NewTicketLink', example: { kind: 'blockedBy', number: 'CHG0000007' } });

const LinkParams = TicketParams.extend({
  kind: LinkKindField,
  otherId: TicketParams.shape.id.describe('Id or number of the other one.'),
});

const links = z.object({ data: z.array(TicketLink) });

export function linkRoutes(deps: TicketDeps, process: Process): Route[] {
  return [readRoute(deps, process), linkRoute(deps, process), unlinkRoute(deps, process)];
}

function shared({ declaration: { type, path, title } }: Process) {
  const facts = { tag: title, access: `${type}:read`, params: TicketParams } as const;
  return { ...facts, path: `/${path}/{id}/links` } as const;
}

function readRoute(deps: TicketDeps, process: Process): Route {
  return defineRoute({
    ...shared(process),
    method: 'get',
    summary: 'The tickets that it is linked to, as far as the caller may read them.',
    reply: { status: 200, description: 'In the order of their numbers.', body: links },
    handle: async ({ actor, params }) => {
      const found = await readTicket(deps.database, viewerOf(process, actor), params.id);
      return { body: { data: [...(found.links ?? [])] } };
    },
  });
}

function linkRoute(deps: TicketDeps, process: Process): Route {
  return defineRoute({
    ...shared(process),
    method: 'post',
    summary: 'Link it to another ticket; for whoever may edit both.',
    body: NewLink,
    reply: { status: 201, description: 'They are linked.', body: TicketLink },
    handle: async ({ actor, params, body, request }) => {
      const unknown = invalid(pointerOf(body), 'is not a known ticket', 'not_found');
      const wanted = { ...body, id: params.id, unknown };
      const other = await link(deps, process, { actor, request }, wanted);
      const found = await readTicket(deps.database, viewerOf(process, actor), params.id);
      const made = found.links?.find((one) => one.kind === body.kind && one.ticket.id === other.id);
      if (!made) throw notLinked();
      return { body: made };
    },
  });
}

function unlinkRoute(deps: TicketDeps, process: Process): Route {
  const { path, ...facts } = shared(process);
  return defineRoute({
    ...facts,
    method: 'delete',
    path: `${path}/{kind}/{otherId}`,
    summary: 'They are no longer linked so; for whoever may edit both.',
    params: LinkParams,
    reply: { status: 204, description: 'Done.' },
    handle: async ({ actor, params, request }) => {
      const place = { ...placeOf(params.otherId), unknown: notLinked() };
      const other = await otherOf(deps, actor, place);
      await change(deps, process, { actor, request }, { ...params, did: 'unlinked', other });
      return {};
    },
  });
}

function notLinked(): Refusal {
  return new Refusal('not_found', 'They are not linked so.');
}

interface Place {
  readonly ticketId?: string | undefined;
  readonly number?: string | undefined;
}

function pointerOf({ ticketId }: Place): string {
  return ticketId === undefined ? '/number' : '/ticketId';
}

export function placeOf(idOrNumber: string): Place {
  const isId = z.uuid().safeParse(idOrNumber).success;
  return isId ? { ticketId: idOrNumber } : { number: idOrNumber };
}

/** Makes a link from this end. Throws what one of both ends refuses, `unknown` for one that they do not see. */
export async function link(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  { id, kind, unknown, ...place }: Place & { id: string; kind: LinkKind; unknown: Refusal },
): Promise<Ticket> {
  const other = await otherOf(deps, caller.actor, { ...place, unknown });
  await change(deps, process, caller, { id, kind, did: 'linked', other });
  return other;
}

/** The one at the other end, if they may see it and edit it; throws `unknown`, and forbidden. */
async function otherOf(
  { database, kernel }: TicketDeps,
  actor: Actor,
  { ticketId, number, unknown }: Place & { readonly unknown: Refusal },
): Promise<Ticket> {
  return database.inOrganization(actor.organizationId, async (tx) => {
    const [row] = await tx.rows<{ id: string; type: string; number: string }>(
      `select id, type, number from tickets
        where organization_id = $1 and ${ticketId === undefined ? 'number = $2' : 'id = $2'}`,
      [actor.organizationId, ticketId ?? number],
    );
    if (!row || !mayRead(actor, row.type) || (number ?? row.number) !== row.number) throw unknown;
    const viewer = viewerOf(kernel.processOf(row.type), actor);
    const found = await selectTicket(tx, viewer, row.id).catch((error: unknown) => {
      throw error instanceof Refusal ? unknown : error;
    });
    refuseReader(actorOn(found, actor), row.type);
    return found.ticket;
  });
}

/** A program reads only what its scopes name. */
function mayRead({ scopes }: Actor, type: string): boolean {
  return scopes?.includes(`${type}:read`) !== false;
}

function refuseReader(actor: Actor, type: string): void {
  if (mayEdit(actor, type)) return;
  throw new Refusal('forbidden', 'Only who may edit both tickets links them, or ends a link.');
}

interface Changing {
  readonly id: string;
  readonly did: 'linked' | 'unlinked';
  readonly kind: LinkKind;
  readonly other: Ticket;
}

/** One transaction for this end; the other end has its line from the outbox, and mostly at once. */
async function change(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  { id, did, kind: wanted, other }: Changing,
): Promise<void> {
  const { type } = process.declaration;
  const input: LinkInput = {
    ...{ kind: wanted, ticketId: other.id, type: other.type, number: other.number },
    isConfidential: other.confidentialTeamId !== null,
  };
  const { ticket } = await applyToRow(deps, process, caller, {
    ...{ idOrNumber: id, name: did, input },
    check: (actor, { ticket: one }) => {
      refuseReader(actor, type);
      if (one.id === other.id) throw invalid('/ticketId', 'is this very ticket', 'same');
    },
  });
  const { organizationId } = caller.actor;
  const owedId = messageIdOf(ticket.id, caller.request.commandId, 0);
  const owed = { organizationId, ticketId: other.id, id: owedId };
  await deliverNow(deps, owed, async () => {
    const [row] = await deps.database.once<{ payload: Record<string, unknown> }>(
      organizationId,
      'select payload from engine_outbox where organization_id = $1 and ticket_id = $2 and id = $3',
      [organizationId, other.id, owedId],
    );
    if (row) await hearByRow(deps, other.type, { ...owed, ...row });
  });
}
