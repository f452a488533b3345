/** Requests one after the other, so many at once, for so long; each is timed. */
import { setTimeout as pause } from 'node:timers/promises';

/** Does one request: resolves to undefined when it was answered as it should, else to what went wrong. */
export type Request = () => Promise<string | undefined>;

export interface Load {
  readonly atOnce: number;
  readonly milliseconds: number;
  /** Not more than so many. */
  readonly atMost?: number;
  /** Between an answer and the next request. */
  readonly restMs?: number;
  /** The next request, or undefined when there is nothing left to do. */
  readonly next: () => Request | undefined;
}

export interface Driven {
  /** Milliseconds of each request that was answered as it should. */
  readonly latencies: readonly number[];
  /** What went wrong, once for each time. */
  readonly errors: readonly string[];
  /** From the first request to the last answer. */
  readonly elapsedMs: number;
}

export async function drive({
  atOnce,
  milliseconds,
  atMost = Infinity,
  restMs,
  next,
}: Load): Promise<Driven> {
  const latencies: number[] = [];
  const errors: string[] = [];
  const since = performance.now();
  let begun = 0;
  const work = async () => {
    while (performance.now() - since < milliseconds && begun < atMost) {
      const request = next();
      if (request === undefined) return;
      begun += 1;
      const at = performance.now();
      const wrong = await request();
      if (wrong === undefined) latencies.push(performance.now() - at);
      else errors.push(wrong);
      if (restMs !== undefined) await pause(restMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { latencies, errors, elapsedMs: performance.now() - since };
}
