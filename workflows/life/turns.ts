/** Facts of one life, one at a time, in the order in which they came. */
import type { Outcome } from '../../models/tickets/fact';
import type { FactMessage } from './wire';

interface Turn {
  readonly fact: FactMessage;
  /** Somebody waits for the outcome; such a turn cannot travel to another run. */
  readonly settle?: { resolve(outcome: Outcome): void; reject(error: unknown): void };
}

export class Turns {
  #queue: Turn[] = [];
  #isBusy = false;
  #isClosed = false;

  /** `take` applies one fact; it is never called twice at once. */
  constructor(private readonly take: (fact: FactMessage) => Promise<Outcome>) {}

  /** Queues a fact whose outcome somebody waits for. */
  ask(fact: FactMessage): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#add({ fact, settle: { resolve, reject } });
    });
  }

  /** Queues a fact that nobody waits for. */
  tell(fact: FactMessage): void {
    this.#add({ fact });
  }

  isIdle(): boolean {
    return !this.#isBusy && this.#queue.length === 0;
  }

  /** From now on only what somebody waits for is taken; the rest stays for the next run. */
  close(): void {
    this.#isClosed = true;
  }

  isDrained(): boolean {
    return !this.#isBusy && !this.#queue.some(({ settle }) => settle);
  }

  /** What has not been taken. */
  left(): FactMessage[] {
    return this.#queue.map(({ fact }) => fact);
  }

  #add(turn: Turn): void {
    this.#queue.push(turn);
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let turn = this.#next(); turn; turn = this.#next()) {
      try {
        const outcome = await this.take(turn.fact);
        turn.settle?.resolve(outcome);
      } catch (error) {
        turn.settle?.reject(error);
      }
    }
    this.#isBusy = false;
  }

  #next(): Turn | undefined {
    const index = this.#isClosed ? this.#queue.findIndex(({ settle }) => settle) : 0;
    return index < 0 ? undefined : this.#queue.splice(index, 1)[0];
  }
}
