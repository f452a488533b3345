/** The lock of a PostgreSQL cluster, when the process that it names is dead but not gone. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from './process-identity';

/** Above every pid that a system gives out. */
const nobody = 2_147_483_646;

/**
 * PostgreSQL takes the pid in postmaster.pid for a living server as long as the system knows it:
 * also when it is a zombie that nobody reaps, or belongs to another program since the machine or
 * container was started again. Only the pid is replaced: by the rest of the file PostgreSQL makes
 * sure that no session of the dead server is still at work.
 */
export function disownDeadPostmaster(folder: string): void {
  const path = join(folder, 'postmaster.pid');
  if (!existsSync(path)) return;
  const [pid = '', ...rest] = readFileSync(path, 'utf8').split('\n');
  if (commandOf(Number(pid))?.includes(folder) === true) return;
  writeFileSync(path, [String(nobody), ...rest].join('\n'));
}
