/**
 * What an installation without any organization is set up with. All API processes print the same token:
 * it follows from a seed in the database and the secret that they share. The database alone does not tell.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Database, Tx } from '../database';

type Store = Pick<Database, 'unscoped'>;

export async function hasOrganizations(database: Store): Promise<boolean> {
  const found = await database.unscoped('select 1 from organization_directory() limit 1');
  return found.length > 0;
}

/** The token for people, made when there is none; undefined once there is an organization. */
export async function setupTokenFor(database: Store, secret: string): Promise<string | undefined> {
  if (await hasOrganizations(database)) return undefined;
  const fresh = randomUUID();
  await database.unscoped(
    `insert into setup_tokens (seed, token_hash) values ($1, $2) on conflict do nothing`,
    [fresh, hashOf(tokenOf(fresh, secret))],
  );
  const [row] = await database.unscoped<{ seed: string; token_hash: string }>(
    'select seed, token_hash from setup_tokens',
  );
  // Somebody has set it up in between.
  if (row === undefined) return undefined;
  const token = tokenOf(row.seed, secret);
  if (row.token_hash === hashOf(token)) return token;
  // The secret is another one than when it was made.
  await database.unscoped('update setup_tokens set token_hash = $1 where seed = $2', [
    hashOf(token),
    row.seed,
  ]);
  return token;
}

/** Takes the token away; false when it is none. Of several who try at once it is true for one. */
export async function useSetupToken(tx: Tx, token: string): Promise<boolean> {
  const used = await tx.rows('delete from setup_tokens where token_hash = $1 returning 1', [
    hashOf(token),
  ]);
  return used.length > 0;
}

function tokenOf(seed: string, secret: string): string {
  return `hfs_${createHmac('sha256', secret).update(`setup/${seed}`).digest('base64url')}`;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
