/** Figures over many tickets. */
import type { Process } from '../../models/tickets/rules';
import type { Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { slaFiguresRoute } from './sla';
import { ticketFiguresRoute } from './tickets';

export function figureRoutes(deps: TicketDeps, processes: readonly Process[]): Route[] {
  return [slaFiguresRoute(deps), ticketFiguresRoute(deps, processes)];
}
