/** Where people and things are. */
import { z } from 'zod';
import { LocationRow } from '../../models/resources/tables';
import { Line, Timezone } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { resourceRoutes } from '../http/resource/resource';
import type { Route } from '../http/route';

const Location = z
  .object({
    id: z.uuid(),
    name: z.string(),
    timezone: z.string().nullable().describe('IANA zone; null: that of the organization.'),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Location' });

const input = z.strictObject({
  name: Line,
  timezone: Timezone.nullable().default(null),
  isActive: z.boolean().default(true),
});

const locations = defineListing({
  name: 'locations',
  item: Location,
  idSql: 'l.id',
  fields: {
    name: { type: 'text', column: 'l.name', nullable: false },
    timezone: { type: 'text', column: 'l.timezone' },
    isActive: { type: 'boolean', column: 'l.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

export function locationRoutes(sources: ListSources): Route[] {
  return resourceRoutes<z.infer<typeof Location>>(sources, {
    path: '/locations',
    tag: 'Catalogue',
    one: 'location',
    many: 'locations',
    access: 'signedIn',
    manage: 'location:manage',
    model: LocationRow,
    input,
    listing: locations,
    item: Location,
    select: 'l.id, l.name, l.timezone, l.is_active as "isActive", l.revision',
    from: 'locations l',
    present: ({ id, name, timezone, isActive, revision }) => {
      return { id, name, timezone, isActive, revision };
    },
  });
}
