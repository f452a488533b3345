/**
 * The life of a ticket of any type: the only deterministic code. It takes facts one at a time to a step
 * that decides in the row's transaction, waits for the agenda, runs owed work, ends when all is settled.
 */
import * as wf from '@temporalio/workflow';
import type { Outcome } from '../models/tickets/fact';
import { Alarm } from './life/alarm';
import { factOfCommand, factOfSignal, unreadable } from './life/messages';
import { changed } from './life/search';
import { Turns } from './life/turns';
import { Undertakings } from './life/undertakings';
import type { Command, FactMessage, Life, LifeActivities, StepAnswer, View } from './life/wire';

export const command = wf.defineUpdate<Outcome, [Command]>('command');
export const fact = wf.defineSignal<[unknown]>('fact');
export const look = wf.defineSignal<[unknown]>('look');

const quick = wf.proxyLocalActivities<LifeActivities>({
  startToCloseTimeout: '2s',
  retry: { maximumAttempts: 2, initialInterval: '100ms', backoffCoefficient: 1 },
});
const patient = wf.proxyActivities<LifeActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '5s' },
});

const usualLimits = { quiet: 1_500, forced: 3_000 };

/**
 * A task that went on for longer than the engine waits for it would be given out anew, and what it had done
 * would be done again, late once more: a flood of a thousand signals took minutes in place of seconds.
 */
const factsATask = 50;

export async function live(life: Life): Promise<void> {
  // A cancel from the Web UI is no fact of this ticket's process: recorded, and life goes on.
  const cancelled = wf.CancellationScope.current().cancelRequested;
  await wf.CancellationScope.nonCancellable(() => new Living(life).run(cancelled));
}

class Living {
  #view: View;
  #isOver = false;
  #isLeaving = false;
  #task = { began: 0, facts: 0 };
  readonly #work: Undertakings;
  readonly #limits: { readonly quiet: number; readonly forced: number };
  // A handler runs in the scope that the Web UI cancels; what it takes up is not to end with that.
  readonly #turns = new Turns((message) =>
    wf.CancellationScope.nonCancellable(() => this.#take(message)),
  );
  readonly #alarm = new Alarm((asOf) => {
    this.#turns.tell({ name: 'due', via: 'engine', occurredAt: asOf });
  });

  constructor(private readonly life: Life) {
    this.#view = life.view;
    this.#limits = life.limits ?? usualLimits;
    this.#work = new Undertakings(life, (message) => this.#turns.ask(message));
  }

  async run(cancelled: Promise<never>): Promise<void> {
    this.#listen(cancelled);
    for (const message of this.life.queued ?? []) this.#turns.tell(message);
    this.#adopt(this.life.view);
    await wf.condition(() => this.#mayEnd() || this.#mustLeave());
    if (this.#mayEnd()) return;
    this.#isLeaving = true;
    this.#turns.close();
    await wf.condition(() => this.#turns.isDrained() && wf.allHandlersFinished());
    // An update that is answered in the very task that ends a run may be lost to its caller.
    await wf.sleep(1, { summary: 'Continues as new' });
    if (this.#isOver) return;
    await wf.continueAsNew<typeof live>({
      ...this.life,
      view: this.#view,
      queued: this.#turns.left(),
    });
  }

  /**
   * Specific handlers first: the default one takes buffered messages at once. There is none for updates:
   * the SDK then turns an unknown one away without an event, a handler could only fail it.
   */
  #listen(cancelled: Promise<never>): void {
    wf.setHandler(command, (sent) => this.#turns.ask(factOfCommand(sent)), {
      validator: (sent: Command) => {
        this.#refuseUnreadable(sent);
      },
    });
    wf.setHandler(fact, (payload) => {
      this.#turns.tell(factOfSignal('fact', payload));
    });
    wf.setHandler(look, () => {
      this.#turns.tell({ name: 'look', via: 'engine' });
    });
    wf.setDefaultSignalHandler((name, payload) => {
      this.#turns.tell(factOfSignal(name, payload));
    });
    cancelled.catch(() => {
      this.#turns.tell({
        name: 'cancelRequested',
        cause: `cancel/${wf.workflowInfo().runId}`,
        via: 'engine',
      });
    });
  }

  #refuseUnreadable(sent: unknown): void {
    if (this.#isLeaving) throw wf.ApplicationFailure.nonRetryable('Ask the next run', 'retry');
    const why = unreadable(this.life.ticketId, sent);
    if (why !== undefined) throw wf.ApplicationFailure.nonRetryable(why, 'invalid_request');
  }

  async #take(message: FactMessage): Promise<Outcome> {
    await this.#breathe();
    const { outcome, view } = await this.#step(message).catch((error: unknown) => {
      // Somebody ended the step by hand. The row is as it was; the watchdog brings what is due.
      wf.log.error('A step was given up', { fact: message.name, error: String(error) });
      throw error;
    });
    if (outcome.kind === 'gone' || outcome.kind === 'superseded') this.#isOver = true;
    else if (view && view.revision >= this.#view.revision) this.#adopt(view);
    return outcome;
  }

  /** Ends a task that has taken many facts; the next one goes on. */
  async #breathe(): Promise<void> {
    const began = wf.workflowInfo().historyLength;
    this.#task = { began, facts: began === this.#task.began ? this.#task.facts + 1 : 1 };
    if (this.#task.facts > factsATask && wf.patched('breath')) {
      await wf.sleep(1, { summary: 'Takes a breath' });
    }
  }

  /** At once and cheap while the database answers in time, patiently when it does not. */
  async #step(message: FactMessage): Promise<StepAnswer> {
    const { organizationId, ticketId, type, life } = this.life;
    const request = { organizationId, ticketId, type, life, fact: message };
    const summary = message.name;
    try {
      return await quick.step.executeWithOptions({ summary }, [request]);
    } catch {
      return patient.step.executeWithOptions({ summary }, [request]);
    }
  }

  #adopt(view: View): void {
    const isNew = changed(this.#view.search, view.search);
    this.#view = view;
    wf.setCurrentDetails(view.shown);
    if (isNew.length > 0) wf.upsertSearchAttributes(isNew);
    this.#alarm.set(view.settled ? null : view.nextDueAt, view.nextWhat ?? 'Next on the agenda');
    for (const order of view.work) this.#work.undertake(order);
  }

  #mayEnd(): boolean {
    if (this.#isOver) return this.#turns.isDrained();
    return this.#view.settled && this.#turns.isIdle() && this.#work.isIdle();
  }

  #mustLeave(): boolean {
    const { historyLength, continueAsNewSuggested } = wf.workflowInfo();
    if (historyLength >= this.#limits.forced) return true;
    const isLong = historyLength >= this.#limits.quiet || continueAsNewSuggested;
    return isLong && this.#turns.isIdle() && this.#work.isIdle();
  }
}
