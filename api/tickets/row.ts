/** Facts of the row's own door: answered with the engine down, told to the life by the outbox. */
import { deliverNow } from '../../engine/outbox';
import type { Process } from '../../models/tickets/rules';
import type { Actor } from '../../models/users/actor';
import { settleFact } from '../../models/tickets/kernel/settle';
import { refuse } from './commands';
import { aboutLife, factOf, receivedAt, type Caller, type TicketDeps } from './door';
import { refuseNoisy } from './noise';
import { briefly } from './open';
import { selectTicket, type Found } from './select';
import { actorOn, viewerOf } from './sight';

/** A fact as it is sent; `check` refuses it by the ticket and by what counts of the caller on it. */
export interface ToRow {
  readonly idOrNumber: string;
  readonly name: string;
  readonly input: object;
  readonly check?: (actor: Actor, found: Found) => void;
}

/** Applies a fact in the row's transaction; throws the Refusal or the failure that it met. */
export async function applyToRow(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  sent: ToRow,
): Promise<Found> {
  const { organizationId } = caller.actor;
  const viewer = viewerOf(process, caller.actor);
  const { type } = process.declaration;
  const { found, at } = await deps.database.inOrganization(organizationId, async (tx) => {
    const seen = await selectTicket(tx, viewer, sent.idOrNumber);
    await refuseNoisy(tx, seen.ticket, deps.log);
    return { found: seen, at: await receivedAt(caller, tx, seen.ticket.openedAt) };
  });
  caller.request.note(aboutLife(caller, found));
  const actor = actorOn(found, caller.actor);
  sent.check?.(actor, found);
  const fact = factOf({ ...caller, actor }, sent.name, sent.input, at);
  const door = { organizationId, ticketId: found.ticket.id, type };
  const { outcome, look } = await settleFact(deps.database, door, fact, deps.kernel);
  refuse(outcome, type);
  if (look !== undefined) await tell(deps, organizationId, found.ticket.id, look);
  return found;
}

async function tell(deps: TicketDeps, organizationId: string, ticketId: string, look: string) {
  const send = async () => {
    const living = await deps.lives.find(organizationId, ticketId);
    if (living) await deps.lives.signal(living, 'look', {});
  };
  await briefly(deliverNow(deps, { organizationId, ticketId, id: look }, send));
}
