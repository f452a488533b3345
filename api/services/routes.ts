/** Services that tickets are about, the team behind each, and what each needs to work. */
import { z } from 'zod';
import { ServiceRow } from '../../models/catalogue/tables';
import { levels } from '../../models/tickets/ticket';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { resourceRoutes } from '../http/resource/resource';
import type { Route } from '../http/route';
import { DependsOn, dependsOnSql, writeDependencies } from './dependencies';

const Service = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    team: Reference.nullable().describe('Takes its tickets.'),
    owner: Reference.nullable(),
    calendar: Reference.nullable().describe('When it is looked after.'),
    criticality: z.enum(levels).nullable(),
    dependsOn: z.array(Reference).describe('Services that it needs to work, by name.'),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Service' });

const input = z.strictObject({
  name: Line,
  description: z.string().max(2_000).default(''),
  teamId: z.uuid().nullable().default(null),
  ownerId: z.uuid().nullable().default(null),
  calendarId: z.uuid().nullable().default(null),
  criticality: z.enum(levels).nullable().default(null),
  dependsOn: DependsOn.default([]).describe('Ids of all services that it needs to work.'),
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
    calendar: { type: 'reference', column: 's.calendar_id' },
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
    elsewhere: ['dependsOn'],
    alongside: writeDependencies,
    listing: services,
    item: Service,
    select: `s.id, s.name, s.description, s.criticality, s.is_active as "isActive", s.revision,
             ${referenceSql('t')} as team, ${referenceSql('u')} as owner,
             ${referenceSql('c')} as calendar, ${dependsOnSql} as "dependsOn"`,
    from: `services s
      left join teams t on t.organization_id = s.organization_id and t.id = s.team_id
      left join users u on u.organization_id = s.organization_id and u.id = s.owner_id
      left join business_calendars c on c.organization_id = s.organization_id and c.id = s.calendar_id`,
    present: ({ id, name, description, team, owner, calendar, ...rest }) => {
      const { criticality, dependsOn, isActive, revision } = rest;
      const references = { team, owner, calendar };
      return { id, name, description, ...references, criticality, dependsOn, isActive, revision };
    },
  });
}
