/** Services that tickets are about, and the team behind each. */
import { z } from 'zod';
import { readRoutes, type ListSources } from '../http/list/readable';
import { defineListing } from '../http/list/listing';
import { Reference, referenceSql } from '../http/reference';
import type { Route } from '../http/route';

const Service = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    team: Reference.nullable(),
    isActive: z.boolean(),
  })
  .meta({ id: 'Service' });

const services = defineListing({
  name: 'services',
  item: Service,
  idSql: 's.id',
  fields: {
    name: { type: 'text', column: 's.name', nullable: false },
    team: { type: 'reference', column: 's.team_id' },
    isActive: { type: 'boolean', column: 's.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

export function serviceRoutes(sources: ListSources): Route[] {
  return readRoutes<z.infer<typeof Service>>(sources, {
    path: '/services',
    tag: 'Catalogue',
    one: 'service',
    many: 'services',
    access: 'signedIn',
    listing: services,
    item: Service,
    select: `s.id, s.name, s.description, ${referenceSql('t')} as team, s.is_active as "isActive"`,
    from: 'services s left join teams t on t.organization_id = s.organization_id and t.id = s.team_id',
    present: ({ id, name, description, team, isActive }) => ({
      id,
      name,
      description,
      team,
      isActive,
    }),
  });
}
