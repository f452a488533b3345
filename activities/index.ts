/** Everything that a worker can do for a life, a mail or a run; its type is what their workflows proxy. */
import type { Logger } from 'pino';
import type { LifeActivities } from '../workflows/life/wire';
import type { MailActivities } from '../workflows/mail';
import type { SlaRunActivities } from '../workflows/sla-run';
import { createDeliver } from './mail/deliver';
import type { Post } from './mail/post';
import { createRunBatch } from './sla-runs/batch';
import { createStep, type StepDeps } from './tickets/step';
import { witnessed, type Witness } from './tickets/witness';
import { createPerform, type WorkActivities } from './tickets/work';

export interface ActivitiesDeps extends StepDeps {
  /** Named side effects that rules may owe. */
  readonly works: WorkActivities;
  /** Told of every step. */
  readonly witness?: Witness;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Absent: no mail goes out. */
  readonly post?: Post | undefined;
}

export type Activities = LifeActivities & MailActivities & SlaRunActivities;

export function createActivities(deps: ActivitiesDeps): Activities {
  return {
    step: witnessed(createStep(deps), deps.witness ?? (() => undefined)),
    perform: createPerform(deps.database, deps.works),
    deliver: createDeliver({ ...deps, post: deps.post }),
    slaRunBatch: createRunBatch(deps),
  };
}
