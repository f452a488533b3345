/** Opening: one transaction, then the start of the life; answered also when the engine is away. */
import { setTimeout as pause } from 'node:timers/promises';
import { viewOf } from '../../engine/view';
import { deliverNow } from '../../engine/outbox';
import type { Tx } from '../../models/database';
import { openTicket } from '../../models/tickets/kernel/birth';
import type { Opening } from '../../models/tickets/owed';
import type { Process } from '../../models/tickets/rules';
import { aboutLife, factOf, receivedAt, type Caller, type TicketDeps } from './door';
import { refuseStrangers } from './named';
import { selectOpened, selectTicket, type Found } from './select';
import { viewerOf } from './sight';

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
  const viewer = viewerOf(process, caller.actor);
  const { found, begin } = await deps.database.inOrganization(organizationId, async (tx) => {
    const known = await openedBefore(tx, id);
    if (known)
      return { found: await (known.isFresh ? selectOpened : selectTicket)(tx, viewer, id) };
    await refuseStrangers(tx, deps.kernel, { process, caller }, input);
    const fact = factOf(caller, 'opened', input, await receivedAt(caller, tx));
    const { ticket, terms } = await openTicket(tx, process, id, fact);
    const living = { ticket, view: viewOf(process, ticket, terms), slug: terms.slug };
    return {
      found: await selectOpened(tx, viewer, id),
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

/**
 * Whether this call was answered before, or its answer was lost. As long as answers are kept for repeats it
 * gets the answer to opening; later only who may see the ticket does.
 */
async function openedBefore(
  tx: Tx,
  id: string,
): Promise<{ readonly isFresh: boolean } | undefined> {
  const [row] = await tx.rows<{ isFresh: boolean }>(
    `select opened_at > clock_timestamp() - interval '24 hours' as "isFresh"
       from tickets where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
  return row;
}
