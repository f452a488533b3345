/** Everything that a worker can do for a life; its type is what lives proxy. */
import type { LifeActivities } from '../workflows/life/wire';
import { createStep, type StepDeps } from './tickets/step';
import { witnessed, type Witness } from './tickets/witness';
import { createPerform, type WorkActivities } from './tickets/work';

export interface ActivitiesDeps extends StepDeps {
  /** Named side effects that rules may owe. */
  readonly works: WorkActivities;
  /** Told of every step. */
  readonly witness?: Witness;
}

export function createActivities(deps: ActivitiesDeps): LifeActivities {
  return {
    step: witnessed(createStep(deps), deps.witness ?? (() => undefined)),
    perform: createPerform(deps.database, deps.works),
  };
}
