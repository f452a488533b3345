/** Links in mails: good for one use and a time, and only as long as the address is still that person's. */
import { v7 as uuidv7 } from 'uuid';
import type { Database, Tx } from '../../models/database';
import { plusSeconds, type Instant } from '../../models/instant';
import { newToken, readToken } from './opaque-token';

export type Purpose = 'invitation' | 'passwordReset';

const hour = 3_600;
const lifeSeconds: Readonly<Record<Purpose, number>> = {
  invitation: 168 * hour,
  passwordReset: hour,
};

export interface LinkOwner {
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface LinkToken {
  readonly text: string;
  readonly expiresAt: Instant;
}

/** A new one; those before it are dead. */
export async function issueLink(
  tx: Tx,
  { id: userId, email }: { readonly id: string; readonly email: string },
  purpose: Purpose,
): Promise<LinkToken> {
  await endLinks(tx, userId);
  const text = newToken(tx.organizationId);
  const expiresAt = plusSeconds(await tx.now(), lifeSeconds[purpose]);
  await tx.rows(
    `insert into link_tokens (organization_id, id, user_id, purpose, address, token_hash, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.organizationId, uuidv7(), userId, purpose, email, readToken(text)?.hash, expiresAt],
  );
  return { text, expiresAt };
}

const alive = 't.ended_at is null and t.expires_at > clock_timestamp()';

/** Whose it is; undefined when it is dead, or never was one. */
export async function ownerOfLink(
  database: Pick<Database, 'once'>,
  text: string,
): Promise<LinkOwner | undefined> {
  const token = readToken(text);
  if (token === undefined) return undefined;
  const [owner] = await database.once<LinkOwner>(
    token.organizationId,
    `select u.organization_id as "organizationId", u.id, u.name, u.email
       from link_tokens t
       join users u on u.organization_id = t.organization_id and u.id = t.user_id and u.is_active
      where t.organization_id = $1 and t.token_hash = $2 and ${alive} and u.email = t.address`,
    [token.organizationId, token.hash],
  );
  return owner;
}

/** Uses it up; false when somebody was quicker. */
export async function useLink(tx: Tx, text: string): Promise<boolean> {
  const used = await tx.rows(
    `update link_tokens t set ended_at = clock_timestamp()
      where t.organization_id = $1 and t.token_hash = $2 and ${alive} returning t.id`,
    [tx.organizationId, readToken(text)?.hash],
  );
  return used.length > 0;
}

/** Ends all of somebody, also in mails that were not sent yet. */
export async function endLinks(tx: Tx, userId: string): Promise<void> {
  await tx.rows(
    `update link_tokens set ended_at = clock_timestamp()
      where organization_id = $1 and user_id = $2 and ended_at is null`,
    [tx.organizationId, userId],
  );
  await tx.rows(
    `update mails set link = null where organization_id = $1 and user_id = $2 and link is not null`,
    [tx.organizationId, userId],
  );
}
