/** Every process there is. API, step, OpenAPI, seeds and tests read this list; the sandbox never does. */
import type { Process } from '../models/tickets/rules';
import { IncidentDetailsShape } from './incidents/details';
import { incidentInputs } from './incidents/inputs';
import { incident } from './incidents/process';
import { incidentRules } from './incidents/rules';

export const processes: readonly Process[] = [
  {
    declaration: incident,
    inputs: incidentInputs,
    rules: incidentRules,
    details: IncidentDetailsShape,
  },
];
