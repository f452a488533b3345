/** One log for each process: a JSON line for each past-tense fact, without secrets. */
import { pino, type Logger } from 'pino';
import { LogLines } from './log-lines';

export type { Logger };

/** What is hidden wherever it turns up, as paths of pino. */
export const secretNames = [
  ...['password', 'newPassword', 'accessToken', 'refreshToken', 'authorization', 'token', 'link'],
  ...['challenge', 'secret', 'provisioningUri', 'recoveryCodes'],
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

const stdout = 1;

/**
 * Lines are written in batches, at the latest after half a second and when the process exits: a
 * write for every request held up all others. A `kill -9` may lose that half second of lines, no fact.
 */
export function createLog(name: string, level: string): Logger {
  const out = new LogLines(stdout);
  process.once('exit', () => {
    out.flush();
  });
  return pino({ name, level, redact: secretNames }, out);
}
