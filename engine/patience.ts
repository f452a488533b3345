/** Parts of the service start in any order: each waits for what it needs and says so. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Hopeless } from '../models/hopeless';

const pauses = [200, 500, 1_000, 2_000];

/** Tries until it works; a failed attempt is logged and forgotten, never remembered. */
export async function patiently<T>(
  log: Logger,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      log.warn(
        { waitingFor: what, reason: error instanceof Error ? error.message : error },
        'waiting',
      );
      await pause(pauses[Math.min(tries, pauses.length - 1)]);
    }
  }
}
