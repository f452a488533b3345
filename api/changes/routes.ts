/** The ground on which changes are decided: boards, freezes, maintenance windows, templates. */
import type { ListSources } from '../http/list/readable';
import type { Route } from '../http/route';
import { boardRoutes } from './boards';
import { freezeRoutes } from './freezes';
import { maintenanceRoutes } from './maintenance';
import { templateRoutes } from './templates';

export function changeGroundRoutes(sources: ListSources): Route[] {
  return [
    ...boardRoutes(sources),
    ...freezeRoutes(sources),
    ...maintenanceRoutes(sources),
    ...templateRoutes(sources),
  ];
}
