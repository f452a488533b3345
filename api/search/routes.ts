/** Finding: tickets, known errors, and what may help somebody who is writing an incident. */
import type { Process } from '../../models/tickets/rules';
import type { Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { knownErrorsRoute } from './known-errors';
import { suggestionRoutes } from './suggestions';
import { searchRoute } from './tickets';

export function searchRoutes(
  deps: Pick<TicketDeps, 'database'>,
  processes: readonly Process[],
): Route[] {
  return [
    searchRoute(deps, processes),
    knownErrorsRoute(deps),
    ...suggestionRoutes(deps, processes),
  ];
}
