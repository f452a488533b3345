/** Waiting: bounded, and cut short when there is nothing left to wait for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './failure';

export interface Patience {
  /** What is waited for, as it reads in the error. */
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs?: number;
  /** Says why waiting is pointless, or undefined. */
  readonly hopeless?: () => string | undefined;
}

/** Repeats the probe until it answers true; throws what was awaited and the last failure. */
export async function until(probe: () => Promise<boolean>, patience: Patience): Promise<void> {
  const deadline = Date.now() + patience.withinMs;
  let last = '';
  for (;;) {
    try {
      if (await probe()) return;
      last = '';
    } catch (error) {
      last = ` (${messageOf(error)})`;
    }
    const reason = patience.hopeless?.();
    if (reason !== undefined) throw new Error(`${patience.what}: ${reason}`);
    if (Date.now() >= deadline) {
      throw new Error(`${patience.what}: not within ${patience.withinMs / 1000} s${last}`);
    }
    await sleep(patience.everyMs ?? 50);
  }
}
