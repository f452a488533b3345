/** Maintenance windows: the times, described by a business calendar, in which services may be worked on. */
import { z } from 'zod';
import { MaintenanceWindowRow } from '../../models/changes/tables';
import { CalendarInput, everOpens } from '../../models/sla/calendar.schema';
import { Ids, Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference } from '../http/reference';
import { linkedSql, refuseUnknown, withoutLinks, writeLinks } from '../http/resource/links';
import { resourceRoutes } from '../http/resource/resource';
import type { Route } from '../http/route';

const definition = CalendarInput.refine(everOpens, {
  message: 'has no opening hours',
  path: ['weekly'],
}).describe('A business calendar; open is when work is allowed.');

const MaintenanceWindow = z
  .object({
    id: z.uuid(),
    name: z.string(),
    services: z.array(Reference),
    definition: CalendarInput,
    revision: z.int(),
  })
  .meta({ id: 'MaintenanceWindow' });

const input = z.strictObject({
  name: Line,
  serviceIds: Ids.min(1).describe('Those are worked on only inside of one of their windows.'),
  definition,
});

const windows = defineListing({
  name: 'maintenanceWindows',
  item: MaintenanceWindow,
  idSql: 'm.id',
  fields: { name: { type: 'text', column: 'm.name', nullable: false } },
  sorts: ['name'],
  defaultSort: 'name',
});

const services = {
  field: 'serviceIds',
  table: 'maintenance_window_services',
  owner: 'maintenance_window_id',
  named: 'service_id',
} as const;

export function maintenanceRoutes(sources: ListSources): Route[] {
  return resourceRoutes<z.infer<typeof MaintenanceWindow>>(sources, {
    path: '/maintenance-windows',
    tag: 'Changes',
    one: 'maintenance window',
    many: 'maintenance windows',
    access: 'signedIn',
    manage: 'maintenance-window:manage',
    model: MaintenanceWindowRow,
    input,
    columns: ({ input: given }) => withoutLinks(services, given),
    refuse: (tx, { input: given }) => refuseUnknown(tx, services, given),
    alongside: (tx, { id, input: given }) => writeLinks(tx, services, id, given),
    listing: windows,
    item: MaintenanceWindow,
    select: `m.id, m.name, ${linkedSql(services, 'm')} as services, m.definition, m.revision`,
    from: 'maintenance_windows m',
    present: ({ id, name, services: about, definition: calendar, revision }) => {
      return { id, name, services: about, definition: calendar, revision };
    },
  });
}
