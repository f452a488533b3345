/** Work that a process does again and again until it stops; an error is logged and the loop goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface Loop {
  /** The next round begins now, or right after the one that is running. */
  wake(): void;
  /** Ends after the round that is running. */
  stop(): Promise<void>;
}

export interface Rounds {
  readonly name: string;
  readonly pauseMs: number;
  /** The pause comes before the first round, too. */
  readonly restsFirst?: boolean;
}

/** Runs `round` with a pause after each; a round that answers true is followed by the next at once. */
export function startLoop(
  log: Logger,
  { name, pauseMs, restsFirst = false }: Rounds,
  round: () => Promise<boolean>,
): Loop {
  const ending = new AbortController();
  let resting = new AbortController();
  let isWoken = false;
  const ended = run();
  return {
    wake: () => {
      isWoken = true;
      resting.abort();
    },
    stop: async () => {
      ending.abort();
      await ended;
    },
  };

  async function run(): Promise<void> {
    if (restsFirst) await rest();
    while (!ending.signal.aborted) {
      const hasMore = await round().catch((error: unknown) => {
        log.warn({ loop: name, err: error }, 'a round failed');
        return false;
      });
      if (!hasMore) await rest();
    }
  }

  async function rest(): Promise<void> {
    resting = new AbortController();
    try {
      const signal = AbortSignal.any([ending.signal, resting.signal]);
      if (!isWoken) await pause(pauseMs, undefined, { signal });
    } catch (error) {
      if (!ending.signal.aborted && !resting.signal.aborted) throw error;
    }
    isWoken = false;
  }
}
