/** Whether what somebody typed is a code of their second factor, each of which is good once. */
import type { Tx } from '../../../models/database';
import { writeLockout } from '../../mail/letters';
import { failuresIn, forgetFailures, noteFailure, standingOf } from '../lockout';
import { holdOff, ownerOf } from './factor';
import { recoveryCodeHashOf } from './recovery-code';
import type { Seal } from '../../../models/seal';
import { stepOf } from './totp';

/** Unreadable: the application's secret is another one since; recovery codes are still good. */
export type Proof = 'right' | 'wrong' | 'unreadable';

interface Owner {
  readonly id: string;
  readonly email: string;
}

interface FactorRow {
  readonly secret: string;
  readonly last_step: number;
}

/**
 * Takes a code of six digits or a recovery code. What is wrong counts as a failed sign-in, and while these
 * have locked the address nothing is right; the one that locks it writes a mail, to be handed over. Commit,
 * whatever it says: failures, used codes and mails are rows.
 */
export async function prove(tx: Tx, seal: Seal, owner: Owner, code: string): Promise<Proof> {
  await holdOff(tx, owner.id);
  // Whoever guesses at once waits here for each other, so that each guess is counted before the next.
  const [factor] = await tx.rows<FactorRow>(
    `select secret, last_step from second_factors
      where organization_id = $1 and user_id = $2 and on_since is not null for update`,
    [tx.organizationId, owner.id],
  );
  const failures = failuresIn(tx);
  if (!factor || (await standingOf(failures, owner.email)).isLocked) return 'wrong';
  const hash = recoveryCodeHashOf(code);
  const proof = await (hash === undefined
    ? useStep(tx, { seal, factor, userId: owner.id, code })
    : useRecoveryCode(tx, owner.id, hash));
  if (proof === 'right') await forgetFailures(failures, owner.email);
  if (proof === 'wrong' && (await noteFailure(failures, owner.email)))
    await writeLockout(tx, owner);
  return proof;
}

interface Attempt {
  readonly seal: Seal;
  readonly factor: FactorRow;
  readonly userId: string;
  readonly code: string;
}

/** A step is used once, and none that lies before one that was used. */
async function useStep(tx: Tx, { seal, factor, userId, code }: Attempt): Promise<Proof> {
  const secret = seal.open(factor.secret, ownerOf(tx, userId));
  if (secret === undefined) return 'unreadable';
  const step = stepOf(secret, code, await tx.now());
  if (step === undefined || step <= factor.last_step) return 'wrong';
  await tx.rows(
    'update second_factors set last_step = $3 where organization_id = $1 and user_id = $2',
    [tx.organizationId, userId, step],
  );
  return 'right';
}

async function useRecoveryCode(tx: Tx, userId: string, hash: string): Promise<Proof> {
  const [used] = await tx.rows(
    `delete from recovery_codes where organization_id = $1 and user_id = $2 and code_hash = $3
     returning 1`,
    [tx.organizationId, userId, hash],
  );
  return used === undefined ? 'wrong' : 'right';
}
