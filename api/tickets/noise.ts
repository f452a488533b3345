/** A ticket that takes hundreds of facts a day is in a mail loop or under a flapping monitor. */
import type { Logger } from 'pino';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import type { Ticket } from '../../models/tickets/ticket';

/** Of them links count half: a problem is linked to hundreds of incidents on one day, on purpose. */
const factsADay = 500;

/** Throttles it at the door, so that it does not slow the others; operations are told. */
export async function refuseNoisy(tx: Tx, { id, version, number }: Ticket, log: Logger) {
  if (version <= factsADay) return;
  const [row] = await tx.rows<{ isNoisy: boolean }>(
    `select count(*) filter (where type not in ('linked', 'unlinked')) > $4::int
            or count(*) >= 2 * $4::int as "isNoisy" from ticket_events
      where organization_id = $1 and ticket_id = $2 and version > $3
        and recorded_at > now() - interval '24 hours'`,
    [tx.organizationId, id, version - 2 * factsADay, factsADay],
  );
  if (row?.isNoisy !== true) return;
  log.error({ ticketId: id, number, version }, 'a noisy ticket was throttled');
  throw new Refusal('rate_limited', `${number} took more than ${factsADay} facts in 24 hours.`, {
    retryAfterSeconds: 3_600,
  });
}
