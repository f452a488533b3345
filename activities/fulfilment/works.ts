/** Every activity that automatic tasks may run, as the worker runs it. */
import type { ActivityName } from '../../models/fulfilment/activities';
import type { WorkActivity } from '../tickets/work';
import { httpActivities, type HttpCallDeps } from './http-call';
import { mailActivities } from './mail';
import { roleActivities } from './roles';
import { teamActivities } from './teams';

export function fulfilmentWorks(deps: HttpCallDeps): Readonly<Record<ActivityName, WorkActivity>> {
  return {
    ...httpActivities(deps),
    ...mailActivities(deps.database),
    ...roleActivities(deps.database),
    ...teamActivities(deps.database),
  };
}
