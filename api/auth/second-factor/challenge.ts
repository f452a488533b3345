/** The second half of a sign-in: whoever gave the right password and has a second factor is asked for a code. */
import { Refusal } from '../../../models/errors';
import type { Tx } from '../../../models/database';
import type { MailDesk } from '../../mail/desk';
import { newToken, readToken, type OpaqueToken } from '../opaque-token';
import { openSession, type Device, type Session, type SessionDatabase } from '../session';
import { prove, type Proof } from './prove';
import type { Seal } from '../../../models/seal';

const keptMinutes = 5;
const allowedFailures = 5;

/** A challenge for somebody whose password was right, good for one sign-in. */
export async function newChallenge(tx: Tx, userId: string): Promise<string> {
  const text = newToken(tx.organizationId);
  await tx.rows(
    `insert into sign_in_challenges (organization_id, token_hash, user_id, expires_at)
     values ($1, $2, $3, clock_timestamp() + make_interval(mins => $4))`,
    [tx.organizationId, readToken(text)?.hash, userId, keptMinutes],
  );
  return text;
}

export interface Response {
  readonly challenge: string;
  readonly code: string;
}

export interface ChallengeSources {
  readonly database: Pick<SessionDatabase, 'inOrganization'>;
  readonly desk: Pick<MailDesk, 'handOver'>;
  readonly seal: Seal;
}

/** The session. Throws unauthenticated. */
export async function meetChallenge(
  { database, desk, seal }: ChallengeSources,
  { challenge, code }: Response,
  device: Device,
): Promise<Session> {
  const token = readToken(challenge);
  if (token === undefined) throw refused();
  // What failed is counted in rows that must be committed, so the refusal comes after the transaction.
  const outcome = await database.inOrganization(token.organizationId, async (tx) => {
    const challenged = await lock(tx, token);
    if (challenged === undefined) return undefined;
    const proof = await prove(tx, seal, challenged, code);
    if (proof !== 'right') return note(tx, token, proof);
    await remove(tx, token);
    return openSession(tx, challenged.id, device);
  });
  if (outcome === undefined) {
    // It may have locked the address, of which a mail tells.
    desk.handOver();
    throw refused();
  }
  if (outcome === 'unreadable') throw unreadable();
  return outcome;
}

interface Challenged {
  readonly id: string;
  readonly email: string;
}

/** Whose it is, as long as it is good; a new password ends it like sessions. */
async function lock(tx: Tx, token: OpaqueToken): Promise<Challenged | undefined> {
  const [challenged] = await tx.rows<Challenged>(
    `select u.id, u.email
       from sign_in_challenges c
       join users u on u.organization_id = c.organization_id and u.id = c.user_id
      where c.organization_id = $1 and c.token_hash = $2 and c.failures < $3
        and c.expires_at > clock_timestamp() and u.is_active and u.password_changed_at < c.created_at
        for update of c`,
    [tx.organizationId, token.hash, allowedFailures],
  );
  return challenged;
}

async function note(tx: Tx, token: OpaqueToken, proof: Exclude<Proof, 'right'>) {
  if (proof === 'unreadable') return proof;
  await tx.rows(
    `update sign_in_challenges set failures = failures + 1
      where organization_id = $1 and token_hash = $2`,
    [tx.organizationId, token.hash],
  );
  return undefined;
}

async function remove(tx: Tx, token: OpaqueToken): Promise<void> {
  await tx.rows('delete from sign_in_challenges where organization_id = $1 and token_hash = $2', [
    tx.organizationId,
    token.hash,
  ]);
}

function refused(): Refusal {
  return new Refusal(
    'unauthenticated',
    'The code is wrong or was used, or this sign-in has taken too long or failed too often: begin again.',
  );
}

function unreadable(): Refusal {
  return new Refusal(
    'unauthenticated',
    'This second factor can no longer be read: use a recovery code, or have an administrator reset it.',
  );
}
