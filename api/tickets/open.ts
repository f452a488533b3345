/** Opening: one transaction, then the start of the life; answered also when the engine is away. */
import { setTimeout as pause } from 'node:timers/promises';
import { viewOf } from '../../engine/view';
import { deliverNow } from '../../engine/outbox';
import type { Tx } from '../../models/database';
import { openTicket } from '../../models/tickets/kernel/birth';
import type { Opening } from '../../models/tickets/owed';
import type { Process } from '../../models/tickets/rules';
import { abilityFor, aboutLife, factOf, receivedAt, type Caller, type TicketDeps } from './door';
import { selectTicket, type Found } from './select';

/** How long an answer waits for the engine's word that the life began. */
const politenessMs = 300;

/** Opens a ticket; a repeat after a crash finds the one that was opened. */
export async function open(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  input: Opening,
): Promise<Found> {
  const { organizationId } = caller.actor;
  const id = caller.request.commandId;
  const ability = abilityFor(process, caller.actor);
  const { type } = process.declaration;
  const { found, begin } = await deps.database.inOrganization(organizationId, async (tx) => {
    if (await isThere(tx, id)) return { found: await selectTicket(tx, ability, type, id) };
    const fact = factOf(caller, 'opened', input, await receivedAt(caller, tx));
    const { ticket, terms } = await openTicket(tx, process, id, fact);
    const living = { ticket, view: viewOf(process, ticket, terms), slug: terms.slug };
    return {
      found: await selectTicket(tx, ability, type, id),
      begin: () => deps.lives.start(living),
    };
  });
  caller.request.note(aboutLife(caller, found));
  if (begin) {
    const owed = { organizationId, ticketId: id, id };
    await briefly(deliverNow(deps, owed, begin));
  }
  return found;
}

/** Waits a moment: a living engine sets the pace of opening, one that is away does not. */
export async function briefly(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, pause(politenessMs)]);
}

async function isThere(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.rows(`select 1 from tickets where organization_id = $1 and id = $2`, [
    tx.organizationId,
    id,
  ]);
  return rows.length > 0;
}
