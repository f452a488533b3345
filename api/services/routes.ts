/** Services that tickets are about, and the team behind each. */
import { z } from 'zod';
import { ServiceRow } from '../../models/catalogue/tables';
import { levels } from '../../models/tickets/ticket';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { resourceRoutes } from '../http/resource/resource';
import type { Route } from '../http/route';

const Service = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    team: Reference.nullable().describe('Takes its tickets.'),
    owner: Reference.nullable(),
    criticality: z.enum(levels).nullable(),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Service' });

const input = z.strictObject({
  name: Line,
  description: z.string().max(2_000).default(''),
  teamId: z.uuid().nullable().default(null),
  ownerId: z.uuid().nullable().default(null),
  criticality: z.enum(levels).nullable().default(null),
  isActive: z.boolean().default(true),
});

const services = defineListing({
  name: 'services',
  item: Service,
  idSql: 's.id',
  fields: {
    name: { type: 'text', column: 's.name', nullable: false },
    team: { type: 'reference', column: 's.team_id' },
    owner: { type: 'reference', column: 's.owner_id' },
    criticality: { type: 'enum', column: 's.criticality', values: levels },
    isActive: { type: 'boolean', column: 's.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

export function serviceRoutes(sources: ListSources): Route[] {
  return resourceRoutes<z.infer<typeof Service>>(sources, {
    path: '/services',
    tag: 'Catalogue',
    one: 'service',
    many: 'services',
    access: 'signedIn',
    manage: 'service:manage',
    model: ServiceRow,
    input,
    listing: services,
    item: Service,
    select: `s.id, s.name, s.description, s.criticality, s.is_active as "isActive", s.revision,
             ${referenceSql('t')} as team, ${referenceSql('u')} as owner`,
    from: `services s
      left join teams t on t.organization_id = s.organization_id and t.id = s.team_id
      left join users u on u.organization_id = s.organization_id and u.id = s.owner_id`,
    present: ({ id, name, description, team, owner, criticality, isActive, revision }) => {
      return { id, name, description, team, owner, criticality, isActive, revision };
    },
  });
}
