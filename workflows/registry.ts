/** Every process there is. API, step, OpenAPI, seeds and tests read this list; the sandbox never does. */
import type { Process } from '../models/tickets/rules';
import { ApprovalDetailsShape } from './approvals/details';
import { approvalInputs } from './approvals/inputs';
import { approval } from './approvals/process';
import { approvalRules } from './approvals/rules';
import { ChangeDetailsShape } from './changes/details';
import { changeInputs } from './changes/inputs';
import { change } from './changes/process';
import { changeRules } from './changes/rules';
import { readGround, readTemplate } from '../models/changes/reading';
import { readLeader } from '../models/incidents/leader';
import {
  IncidentDetailsShape,
  toldOf as toldOfIncident,
  upcastIncident,
} from './incidents/details';
import { incidentInputs } from './incidents/inputs';
import { incident } from './incidents/process';
import { incidentRules } from './incidents/rules';
import { RequestDetailsShape, withoutAnswers } from './requests/details';
import { requestInputs } from './requests/inputs';
import { request } from './requests/process';
import { requestRules } from './requests/rules';
import { TaskDetailsShape } from './tasks/details';
import { taskInputs } from './tasks/inputs';
import { task } from './tasks/process';
import { taskRules } from './tasks/rules';
import { readCovered } from '../models/service-catalog/ordered';
import { readItemVersion } from '../models/service-catalog/reading';
import { readBeside, readProblemEnd } from '../models/problems/reading';
import { ProblemDetailsShape, toldOf as toldOfProblem } from './problems/details';
import { problemInputs } from './problems/inputs';
import { problem } from './problems/process';
import { problemRules } from './problems/rules';

export const processes: readonly Process[] = [
  {
    declaration: incident,
    inputs: incidentInputs,
    rules: incidentRules,
    details: IncidentDetailsShape,
    loaders: { leader: readLeader, problem: readProblemEnd },
    upcast: upcastIncident,
    outside: toldOfIncident,
  },
  {
    declaration: approval,
    inputs: approvalInputs,
    rules: approvalRules,
    details: ApprovalDetailsShape,
    seenBy: ({ shownHash }) => String(shownHash),
  },
  {
    declaration: request,
    inputs: requestInputs,
    rules: requestRules,
    details: RequestDetailsShape,
    outside: withoutAnswers,
    loaders: { item: readItemVersion, covered: readCovered },
  },
  { declaration: task, inputs: taskInputs, rules: taskRules, details: TaskDetailsShape },
  {
    declaration: change,
    inputs: changeInputs,
    rules: changeRules,
    details: ChangeDetailsShape,
    loaders: { ground: readGround, template: readTemplate },
  },
  {
    declaration: problem,
    inputs: problemInputs,
    rules: problemRules,
    details: ProblemDetailsShape,
    outside: toldOfProblem,
    loaders: { beside: readBeside },
  },
];
