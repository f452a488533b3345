/** Locks by name inside an organization, for what no row stands for. */
import type { Tx } from './database';

/** Until the transaction ends nobody else of this organization has it. */
export async function lockFor(tx: Tx, name: string): Promise<void> {
  await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${tx.organizationId}/${name}`,
  ]);
}
