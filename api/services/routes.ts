/** Services that tickets are about, the team behind each, and what each needs to work. */
import { z } from 'zod';
import { ServiceRow } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { levels } from '../../models/tickets/ticket';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { without } from '../http/resource/links';
import { resourceRoutes, type Change } from '../http/resource/resource';
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
    isConfidential: z
      .boolean()
      .describe('Its team alone sees what is opened for it, or moved to it, from then on.'),
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
  isConfidential: z
    .boolean()
    .default(false)
    .describe('Needs a team. Tickets that are there already stay as they are.'),
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
    isConfidential: { type: 'boolean', column: 's.is_confidential', nullable: false },
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
    columns: ({ input: given }) => without(given, 'dependsOn'),
    alongside: writeDependencies,
    refuse: refuseTeamless,
    listing: services,
    item: Service,
    select: `s.id, s.name, s.description, s.criticality, s.is_active as "isActive", s.revision,
             s.is_confidential as "isConfidential",
             ${referenceSql('t')} as team, ${referenceSql('u')} as owner,
             ${referenceSql('c')} as calendar, ${dependsOnSql} as "dependsOn"`,
    from: `services s
      left join teams t on t.organization_id = s.organization_id and t.id = s.team_id
      left join users u on u.organization_id = s.organization_id and u.id = s.owner_id
      left join business_calendars c on c.organization_id = s.organization_id and c.id = s.calendar_id`,
    present: ({ id, name, description, team, owner, calendar, ...rest }) => {
      const { criticality, dependsOn, isConfidential, isActive, revision } = rest;
      return {
        ...{ id, name, description, team, owner, calendar },
        ...{ criticality, dependsOn, isConfidential, isActive, revision },
      };
    },
  });
}

/** A confidential service without a team would be one whose tickets nobody sees. */
async function refuseTeamless(tx: Tx, { did, id, input: wish }: Change): Promise<void> {
  if (did === 'deleted') return;
  const [before] = await tx.rows<{ teamId: string | null; isConfidential: boolean }>(
    `select team_id as "teamId", is_confidential as "isConfidential"
       from services where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
  const { teamId, isConfidential } = { teamId: null, isConfidential: false, ...before, ...wish };
  if (isConfidential && teamId === null)
    throw invalid('/teamId', 'is needed: it sees what is confidential', 'no_team');
}
