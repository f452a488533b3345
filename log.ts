/** One log for each process: a JSON line for each past-tense fact, without secrets. */
import { pino, type Logger } from 'pino';

export type { Logger };

/** Hidden wherever they turn up. */
const secrets = ['password', 'accessToken', 'refreshToken', 'authorization', 'token'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

export function createLog(name: string, level: string): Logger {
  return pino({ name, level, redact: secrets });
}
