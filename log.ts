/** One log for each process: a JSON line for each past-tense fact, without secrets. */
import { pino, type Logger } from 'pino';

export type { Logger };

export function createLog(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: ['password', 'token', 'refreshToken', 'accessToken', 'authorization', '*.password'],
  });
}
