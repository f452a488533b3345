/** Somebody leaves: what they have open goes back to its team. */
import type { Tx } from '../../database';

/**
 * Owes the life of each open ticket that somebody has the fact `released`, in one statement; how many. The
 * row of the person is to be held, and to say that they are not active: what is given to them afterwards is
 * released by the database (0012-leaving).
 */
export async function releaseTickets(tx: Tx, userId: string): Promise<number> {
  const [released] = await tx.rows<{ n: number }>('select release_tickets($1, $2) as n', [
    tx.organizationId,
    userId,
  ]);
  return released?.n ?? 0;
}
