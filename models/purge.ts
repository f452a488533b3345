/** What is kept for a time only: answers to repeats, undecided commands, ended sessions, counts. */
import type { Database } from './database';

const atOnce = 500;

/** Deletes what is past its time, over all organizations; true when there may be more. */
export async function purgeExpired(database: Pick<Database, 'unscoped'>): Promise<boolean> {
  const [row] = await database.unscoped<{ gone: number }>('select purge_expired($1) as gone', [
    atOnce,
  ]);
  return (row?.gone ?? 0) >= atOnce;
}
