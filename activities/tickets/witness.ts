/** Tells of every step: whose life asked, what became of the fact, how long it took, how late it was. */
import type { Outcome } from '../../models/tickets/fact';
import type { StepAnswer, StepRequest } from '../../workflows/life/wire';
import type { Aside, Step } from './step';

export interface StepSeen {
  readonly request: StepRequest;
  /** Absent when the step was not called by a worker. */
  readonly workflowId: string | undefined;
  /** `known`: the cause was recorded before. `thrown`: an outage, the step is tried again. */
  readonly result: Outcome['kind'] | 'known' | 'thrown';
  readonly seconds: number;
  /** Of each agenda entry that was handled: seconds from its instant to the commit. */
  readonly lateSeconds: readonly number[];
  /** The outbox has something for others since. */
  readonly owesOthers: boolean;
}

/** Called after each step, also after one that throws; must not throw itself. */
export type Witness = (seen: StepSeen) => void;

export function witnessed(step: Step, witness: Witness) {
  return async (request: StepRequest, workflowId?: string): Promise<StepAnswer> => {
    const since = performance.now();
    let aside: Aside = { isKnown: false, handled: [], owesOthers: false };
    const seen = (result: StepSeen['result']): StepSeen => ({
      request,
      workflowId,
      result,
      seconds: (performance.now() - since) / 1_000,
      owesOthers: aside.owesOthers,
      lateSeconds: aside.handled.map((dueAt) => (Date.now() - Date.parse(dueAt)) / 1_000),
    });
    try {
      const answer = await step(request, (told) => {
        aside = told;
      });
      witness(seen(aside.isKnown ? 'known' : answer.outcome.kind));
      return answer;
    } catch (error) {
      witness(seen('thrown'));
      throw error;
    }
  };
}
