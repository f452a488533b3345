/** Owed work runs beside the facts; its result is a fact. */
import { log, proxyActivities } from '@temporalio/workflow';
import type { FactMessage, Life, LifeActivities, WorkOrder } from './wire';

export class Undertakings {
  readonly #running = new Set<string>();

  /** `tell` takes the fact that follows from a result; the work is running until it is applied. */
  constructor(
    private readonly life: Life,
    private readonly tell: (message: FactMessage) => Promise<unknown>,
  ) {}

  isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Begins what is not running yet. A result that could not be told is left to the watchdog. */
  undertake(order: WorkOrder): void {
    const id = `${order.key}/${order.n}`;
    if (this.#running.has(id)) return;
    this.#running.add(id);
    this.#perform(order)
      .then((message) => this.tell(message))
      .catch((error: unknown) => {
        log.error('Work was left', { work: id, error: String(error) });
      })
      .finally(() => this.#running.delete(id));
  }

  async #perform(order: WorkOrder): Promise<FactMessage> {
    const { organizationId, ticketId, type } = this.life;
    const { key, n } = order;
    const { perform } = proxyActivities<LifeActivities>({
      startToCloseTimeout: order.attemptSeconds * 1_000,
      retry: {
        initialInterval: order.firstDelaySeconds * 1_000,
        maximumInterval: order.longestDelaySeconds * 1_000,
      },
      summary: order.activity,
    });
    const { done, ...answer } = await perform({ organizationId, ticketId, type, key, n });
    const name = done ? 'workDone' : 'workFailed';
    return { cause: `${key}/${n}`, name, input: { key, n, ...answer }, via: 'engine' };
  }
}
