/** Teams: who leads them, on whose calendar they work, and which one takes what no other does. */
import { z } from 'zod';
import { TeamAssignment } from '../../models/assignment/shape';
import { TeamRow } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import type { Actor } from '../../models/users/actor';
import { may } from '../../models/users/permissions';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { without } from '../http/resource/links';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';
import { keepDefaultTeam, makeDefaultTeam } from './default-team';
import { Member, memberRoutes, membersShown, membersSql } from './members';
import { workloadRoute } from './workload';

const HowAssigned = TeamAssignment.meta({ id: 'TeamAssignment' });

const Team = z
  .object({
    id: z.uuid(),
    name: z.string(),
    lead: Reference.nullable().describe('One of the members.'),
    calendar: Reference.nullable().describe('When the team works.'),
    assignment: HowAssigned,
    members: z.array(Member).describe(`The first ${membersShown} by name.`),
    memberCount: z.int(),
    default: z.boolean().describe('Takes new tickets whose service has no team.'),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Team' });

const input = z.strictObject({
  name: Line,
  leadId: z.uuid().nullable().default(null).describe('Is taken into the team.'),
  calendarId: z.uuid().nullable().default(null),
  assignment: HowAssigned.default({ strategy: 'manual' }).describe('Given as a whole.'),
  default: z.boolean().default(false).describe('true: in place of the one that is it now.'),
  isActive: z.boolean().default(true),
});

const isDefaultSql = `coalesce(o.settings->>'defaultTeamId' = t.id::text, false)`;

const teams = defineListing({
  name: 'teams',
  item: Team,
  idSql: 't.id',
  fields: {
    id: { type: 'reference', column: 't.id', nullable: false },
    name: { type: 'text', column: 't.name', nullable: false },
    lead: { type: 'reference', column: 't.lead_id' },
    calendar: { type: 'reference', column: 't.calendar_id' },
    default: { type: 'boolean', sql: isDefaultSql, nullable: false },
    isActive: { type: 'boolean', column: 't.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

export function teamRoutes(sources: ListSources): Route[] {
  const resource = resourceRoutes<z.infer<typeof Team>>(sources, {
    path: '/teams',
    tag: 'People',
    one: 'team',
    many: 'teams',
    access: 'signedIn',
    manage: 'team:manage',
    model: TeamRow,
    input,
    columns: ({ input: given }) => without(given, 'default'),
    refuse: keepDefaultTeam,
    alongside,
    listing: teams,
    item: Team,
    select: `t.id, t.name, ${referenceSql('l')} as lead, ${referenceSql('c')} as calendar,
             t.assignment, ${membersSql} as members,
             (select count(*)::int from team_members m
               where m.organization_id = t.organization_id and m.team_id = t.id) as "memberCount",
             ${isDefaultSql} as "default", t.is_active as "isActive", t.revision`,
    from: `teams t join organizations o on o.id = t.organization_id
      left join users l on l.organization_id = t.organization_id and l.id = t.lead_id
      left join business_calendars c on c.organization_id = t.organization_id and c.id = t.calendar_id`,
    present,
  });
  return [...resource, ...memberRoutes(sources), workloadRoute(sources)];
}

/** What its members can do and take is for those who may read people in full. */
function present(team: z.infer<typeof Team>, actor: Actor): Readonly<Record<string, unknown>> {
  const { id, name, lead, calendar, assignment, members, memberCount, isActive, revision } = team;
  const shown = may(actor, 'user:read') ? members : members.map(({ id, name }) => ({ id, name }));
  const facts = { members: shown, memberCount, default: team.default, isActive, revision };
  return { id, name, lead, calendar, assignment, ...facts };
}

async function alongside(tx: Tx, change: Change): Promise<void> {
  const { id, input: given } = change;
  if (typeof given['leadId'] === 'string') {
    await tx.rows(
      `insert into team_members (organization_id, team_id, user_id) values ($1, $2, $3)
       on conflict do nothing`,
      [tx.organizationId, id, given['leadId']],
    );
  }
  if (given['default'] === true) await makeDefaultTeam(tx, change);
}
