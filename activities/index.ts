/** Everything that a worker can do for a life; its type is what lives proxy. */
import type { LifeActivities } from '../workflows/life/wire';
import { createStep, type StepDeps } from './tickets/step';
import { createPerform, type WorkActivities } from './tickets/work';

export interface ActivitiesDeps extends StepDeps {
  /** Named side effects that rules may owe. */
  readonly works: WorkActivities;
}

export function createActivities(deps: ActivitiesDeps): LifeActivities {
  return { step: createStep(deps), perform: createPerform(deps.database, deps.works) };
}
