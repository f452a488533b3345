/** What follows from a version that was published. */
import type { Tx } from '../../models/database';
import type { Instant } from '../../models/instant';

export interface Publication {
  readonly policyId: string;
  readonly version: number;
  /** When it comes into force: now, or later. It may be withdrawn until then: look at the version again. */
  readonly at: Instant;
  readonly appliesTo: 'new' | 'open';
}

/**
 * Told in the transaction that writes the version. New tickets need nothing: they ask which version is in
 * force when they are opened, and open ones ask when their next fact comes.
 */
export type Published = (tx: Tx, publication: Publication) => Promise<void>;

export const published: Published = () => Promise.resolve();
