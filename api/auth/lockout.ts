/**
 * Failed sign-ins, counted for each address whether or not somebody has it: so neither what is answered
 * nor how long it takes tells whether there is an account.
 */
import { createHash } from 'node:crypto';
import type { Database, Tx } from '../../models/database';

type Store = Pick<Database, 'unscoped'>;

const allowed = 5;
const windowSeconds = 15 * 60;
/** Each lock in a row is twice as long as the one before, up to this. */
const longestSeconds = 24 * 60 * 60;

/** What the failures of an address are kept under. */
export function addressHashOf(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('hex');
}

/** What is counted here is committed with the transaction, or not at all. */
export function failuresIn(tx: Tx): Store {
  return { unscoped: (sql, bind) => tx.rows(sql, bind) };
}

export interface Standing {
  readonly isLocked: boolean;
}

/**
 * What a check finds that could be guessed at; undefined when it found nothing, which counts as a failure,
 * or the address is locked. `hasLocked` is told when this failure has locked it.
 */
export async function guarded<T>(
  database: Store,
  email: string,
  check: () => Promise<T | undefined>,
  hasLocked?: () => void,
): Promise<T | undefined> {
  const [before, found] = await Promise.all([standingOf(database, email), check()]);
  // Others may have failed in the meantime: guesses that are made at once count like those in a row.
  const now = await standingOf(database, email);
  if (before.isLocked || now.isLocked) return undefined;
  if (found === undefined && (await noteFailure(database, email))) hasLocked?.();
  return found;
}

export async function standingOf(database: Store, email: string): Promise<Standing> {
  const [row] = await database.unscoped<{ is_locked: boolean }>(
    `select coalesce(locked_until > clock_timestamp(), false) as is_locked
       from login_failures where address_hash = $1`,
    [addressHashOf(email)],
  );
  return { isLocked: row?.is_locked ?? false };
}

/** Counts one; the fifth within a quarter of an hour locks the address. True when this one did. */
export async function noteFailure(database: Store, email: string): Promise<boolean> {
  const [row] = await database.unscoped<{ has_locked: boolean }>(
    'select note_failed_login($1, $2, $3, $4) as has_locked',
    [addressHashOf(email), allowed, windowSeconds, longestSeconds],
  );
  return row?.has_locked ?? false;
}

/** When the lock of an address ends; undefined when it has none. */
export async function lockedUntil(database: Store, email: string): Promise<Date | undefined> {
  const [row] = await database.unscoped<{ locked_until: Date }>(
    `select locked_until from login_failures
      where address_hash = $1 and locked_until > clock_timestamp()`,
    [addressHashOf(email)],
  );
  return row?.locked_until;
}

/** After a sign-in, or when an administrator unlocks. */
export async function forgetFailures(database: Store, email: string): Promise<void> {
  await database.unscoped('delete from login_failures where address_hash = $1', [
    addressHashOf(email),
  ]);
}
