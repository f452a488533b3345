/** The one timer of a life. Held in a scope of its own, so that setting it anew ends the old one. */
import { CancellationScope, isCancellation, log, sleep } from '@temporalio/workflow';

/** The server keeps no timer shorter than this apart from "now". */
const soonest = 1;

export class Alarm {
  #scope: CancellationScope | undefined;
  #at: string | null = null;
  #due: string | null = null;
  /** How often the same instant came back although it was acted on: a rule that does not move on. */
  #misses = 0;

  /** `ring` is told what time it is: the instant that was waited for, or now when that is later. */
  constructor(private readonly ring: (asOf: string) => void) {}

  /** Waits for `at`, whatever it waited for before; null = for nothing. Ringing takes it off. */
  set(at: string | null, what: string): void {
    if (at === this.#at) return;
    this.#scope?.cancel();
    this.#scope = undefined;
    this.#at = at;
    if (at === null) return;
    const wait = Math.max(new Date(at).getTime() - Date.now(), this.#penalty(at));
    if (wait < soonest) {
      this.#fire(at);
      return;
    }
    this.#scope = new CancellationScope({ cancellable: true });
    this.#scope
      .run(() => sleep(wait, { summary: what }))
      .then(() => {
        this.#fire(at);
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  #fire(at: string): void {
    this.#at = null;
    this.#scope = undefined;
    this.#due = at;
    const now = new Date(Date.now()).toISOString();
    this.ring(at > now ? at : now);
  }

  /** 0 for a new instant; 1 s ... 60 s when a step returned the one that has just been acted on. */
  #penalty(at: string): number {
    this.#misses = at === this.#due ? this.#misses + 1 : 0;
    if (this.#misses === 1) log.warn('The agenda does not move on', { at });
    return this.#misses === 0 ? 0 : Math.min(1_000 * 2 ** (this.#misses - 1), 60_000);
  }
}
