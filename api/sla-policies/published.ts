/** What follows from a version that was published. */
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../models/database';
import type { Instant } from '../../models/instant';
import { writeRun } from '../../models/sla-runs/rows';

export interface Publication {
  readonly policyId: string;
  readonly version: number;
  /** When it comes into force: now, or later. It may be withdrawn until then: look at the version again. */
  readonly at: Instant;
  readonly appliesTo: 'new' | 'open';
}

/**
 * Told in the transaction that writes the version. New tickets need nothing: they ask which version is in
 * force when they are opened. Open ones ask when their next fact comes, and a run sees to it that one comes.
 */
export async function published(
  tx: Tx,
  { policyId, version, at, appliesTo }: Publication,
): Promise<void> {
  if (appliesTo === 'new') return;
  const [policy] = await tx.rows<{ type: string }>(
    'select ticket_type as type from sla_policy_heads where organization_id = $1 and id = $2',
    [tx.organizationId, policyId],
  );
  if (policy === undefined) throw new Error(`The policy ${policyId} is gone although it is locked`);
  const run = { id: uuidv7(), kind: 'publication', ticketType: policy.type } as const;
  await writeRun(tx, { ...run, policyId, version, startsAt: at });
}
