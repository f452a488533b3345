/**
 * PostgreSQL refuses to run as root. So root lends it an unprivileged account, and everything that
 * this account must reach may not lie below a folder that it cannot pass.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const accounts = ['postgres', '_postgres', 'holdfast'];

/** The account to run PostgreSQL as; undefined = as ourselves, because we are not root. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of accounts) {
    const known = lookUp(name);
    if (known !== undefined) return known;
  }
  return create('holdfast');
}

function create(name: string): Account {
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name]);
  const made = lookUp(name);
  if (made !== undefined) return made;
  throw new Error(
    'PostgreSQL does not run as root, and no account could be made for it. Start as an ordinary ' +
      'user, create a user named postgres, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function lookUp(name: string): Account | undefined {
  const ask = (what: string) => Number(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout);
  const uid = ask('-u');
  return uid > 0 ? { uid, gid: ask('-g') } : undefined;
}

/** True when the account may read the file and pass every folder on the way to it. */
export function canReach(account: Account, file: string): boolean {
  return may(account, file, 0o4) && canPass(account, dirname(file));
}

/** True when the account may pass the folder and every folder above it. */
export function canPass(account: Account, folder: string): boolean {
  const above = dirname(folder);
  return may(account, folder, 0o1) && (above === folder || canPass(account, above));
}

function may({ uid, gid }: Account, path: string, right: number): boolean {
  const stat = statSync(path);
  const granted = stat.uid === uid ? stat.mode >> 6 : stat.gid === gid ? stat.mode >> 3 : stat.mode;
  return (granted & right) === right;
}
