/** Replaces a life that cannot go on by a new one of the same ticket. */
import type { Database } from '../models/database';
import { Refusal } from '../models/errors';
import { lockTicket } from '../models/tickets/kernel/store';
import type { TicketKey } from './crowd';
import type { Lives } from './lives';
import type { Unheard } from './unheard';

export interface ReplaceDeps {
  readonly database: Database;
  readonly lives: Lives;
}

/** A start that was on its way may get in between ending and starting; it is ended as well. */
const tries = 5;

/**
 * Raises the ticket's fence, ends what runs under its id, starts a life with the new number and tells
 * it what the old one was told and had not taken. Gives that number. A life that runs elsewhere is told
 * `superseded` and ends. Throws a Refusal when the ticket is gone or settled.
 */
export async function replaceLife(
  { database, lives }: ReplaceDeps,
  key: TicketKey,
): Promise<number> {
  const life = await raiseFence(database, key);
  const unheard: Unheard[] = [];
  for (let tried = 0; tried < tries; tried += 1) {
    const living = await lives.find(key.organizationId, key.ticketId);
    if (!living || living.view.settled) throw nothingToReplace();
    await lives.terminate(living, `Replaced by life ${life} (ops resume)`);
    unheard.push(...(await lives.unheard(living)));
    if (!(await lives.start(living))) continue;
    for (const { name, payload } of unheard) await lives.signal(living, name, payload);
    return living.ticket.life;
  }
  throw new Error(`Another start got in ${tries} times; the fence stands at ${life}. Try again.`);
}

async function raiseFence(database: Database, key: TicketKey): Promise<number> {
  return database.inOrganization(key.organizationId, async (tx) => {
    const stored = await lockTicket(tx, key.ticketId);
    if (!stored || stored.isSettled) throw nothingToReplace();
    const [row] = await tx.rows<{ life: number }>(
      `update tickets set life = life + 1 where organization_id = $1 and id = $2 returning life`,
      [key.organizationId, key.ticketId],
    );
    if (!row) throw nothingToReplace();
    return row.life;
  });
}

function nothingToReplace(): Refusal {
  return new Refusal('conflict', 'The ticket is settled or gone: it needs no life.');
}
