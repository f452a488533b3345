/** What is kept for a time only: answers to repeats, undecided commands, ended sessions, challenges, counts. */
import type { Database } from './database';

const atOnce = 500;

/** Deletes what is past its time, over all organizations; true when there may be more. */
export async function purgeExpired(database: Pick<Database, 'unscoped'>): Promise<boolean> {
  const [gone] = await database.unscoped<{ expired: number; challenges: number }>(
    'select purge_expired($1) as expired, purge_expired_challenges($1) as challenges',
    [atOnce],
  );
  return Math.max(gone?.expired ?? 0, gone?.challenges ?? 0) >= atOnce;
}
