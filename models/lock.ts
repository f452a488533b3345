/** Locks by name inside an organization, for what no row stands for. */
import type { Tx } from './database';

/** Until the transaction ends nobody else of this organization has it. */
export async function lockFor(tx: Tx, name: string): Promise<void> {
  await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${tx.organizationId}/${name}`,
  ]);
}

/** Sorted, so that two facts that want the same locks never wait for each other. */
export async function lockForAll(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of [...new Set(names)].sort()) {
    await lockFor(tx, name);
  }
}
