/** Business calendars: their hours, their holidays, and questions to them. */
import type { ListSources } from '../http/list/readable';
import { resourceRoutes } from '../http/resource/resource';
import type { Route } from '../http/route';
import { holidayRoutes } from './holidays';
import { importRoutes } from './import';
import { previewRoutes } from './preview';
import { calendars } from './resource';

export function calendarRoutes(sources: ListSources): Route[] {
  return [
    ...resourceRoutes(sources, calendars),
    ...previewRoutes(sources),
    ...holidayRoutes(sources),
    ...importRoutes(sources),
  ];
}
