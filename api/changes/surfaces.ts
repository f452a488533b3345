/** What changes show: conflicts, the calendar, meetings of boards. Only where there are changes. */
import type { Process } from '../../models/tickets/rules';
import type { Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { calendarRoutes } from './calendar';
import { conflictsRoute } from './conflicts';
import { meetingRoutes } from './meetings/routes';

export function changeSurfaceRoutes(deps: TicketDeps, processes: readonly Process[]): Route[] {
  const of = (type: string) => processes.find(({ declaration }) => declaration.type === type);
  const [change, approval] = [of('change'), of('approval')];
  if (!change || !approval) return [];
  const surfaces = { ...deps, change, approval };
  return [conflictsRoute(surfaces), ...calendarRoutes(surfaces), ...meetingRoutes(surfaces)];
}
