/** An act in Holdfast's own database that happens once, however often the work is begun again. */
import type { Database, Tx } from '../database';
import { lockFor } from '../lock';
import type { Json } from '../tickets/ticket';

export interface Work {
  readonly organizationId: string;
  readonly ticketId: string;
  /** The same for every attempt. */
  readonly idempotencyKey: string;
}

/** Acts and keeps the result in one transaction; when that was done already, gives the result that was kept. */
export function doneOnce<Result extends Json>(
  database: Pick<Database, 'inOrganization'>,
  { organizationId, idempotencyKey }: Work,
  act: (tx: Tx) => Promise<Result>,
): Promise<Json> {
  return database.inOrganization(organizationId, async (tx) => {
    // An attempt that took too long may still be at it.
    await lockFor(tx, `work/${idempotencyKey}`);
    const [done] = await tx.rows<{ result: Json }>(
      'select result from work_done where organization_id = $1 and idempotency_key = $2',
      [organizationId, idempotencyKey],
    );
    if (done) return done.result;
    const result = await act(tx);
    await tx.rows(
      `insert into work_done (organization_id, idempotency_key, result) values ($1, $2, $3::jsonb)`,
      [organizationId, idempotencyKey, JSON.stringify(result)],
    );
    return result;
  });
}
