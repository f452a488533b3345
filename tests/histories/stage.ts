/** Where lives are led to be recorded: a world whose steps and work a case may disturb. */
import { processes } from '../../workflows/registry';
import type { LifeActivities, StepAnswer, StepRequest } from '../../workflows/life/wire';
import { errandProcess } from '../errands/process';
import { openWorld, type World } from '../harness';

/** Instead of a step: may throw, wait, or change the answer. */
export type Disturbance = (
  request: StepRequest,
  step: () => Promise<StepAnswer>,
) => Promise<StepAnswer>;

export interface Stage {
  readonly world: World;
  /** Steps of this ticket, from now on. */
  readonly disturb: (ticketId: string, how: Disturbance) => void;
  /** The work of this ticket is never done: its attempts throw this. */
  readonly spoil: (ticketId: string, error: Error) => void;
  readonly close: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const disturbances = new Map<string, Disturbance>();
  const spoilt = new Map<string, Error>();
  const around = (activities: LifeActivities): LifeActivities => ({
    ...activities,
    step: (request) => {
      const step = () => activities.step(request);
      const how = disturbances.get(request.ticketId);
      return how ? how(request, step) : step();
    },
    perform: (request) => {
      const error = spoilt.get(request.ticketId);
      return error ? Promise.reject(error) : activities.perform(request);
    },
  });
  const world = await openWorld({
    processes: [...processes, errandProcess],
    works: works(),
    carries: true,
    around,
  });
  return {
    world,
    disturb: (ticketId, how) => disturbances.set(ticketId, how),
    spoil: (ticketId, error) => spoilt.set(ticketId, error),
    close: () => world.close(),
  };
}

/** Fails as often as its input says. */
function works() {
  const attempts = new Map<string, number>();
  const done = (_: unknown, { idempotencyKey: by }: { idempotencyKey: string }) =>
    Promise.resolve({ by });
  return {
    make: done,
    unmake: done,
    never: () => Promise.reject(new Error('none left')),
    fetch: (input: unknown, { idempotencyKey }: { idempotencyKey: string }) => {
      const made = (attempts.get(idempotencyKey) ?? 0) + 1;
      attempts.set(idempotencyKey, made);
      const fails = failsOf(input);
      if (made > fails) return Promise.resolve({ fetched: made });
      return Promise.reject(new Error(`attempt ${made} is to fail`));
    },
  };
}

function failsOf(input: unknown): number {
  const isGiven = typeof input === 'object' && input !== null && 'fails' in input;
  return isGiven ? Number(input.fails) : 0;
}
