/** Who is in a team, what they can do, and how much they should have at once. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { holdTeam, join, leave, memberOf, readTeam } from '../../models/teams/membership';
import type { Membership } from '../../models/teams/membership';
import { distinct } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import type { ListSources } from '../http/list/readable';
import type { Reference } from '../http/reference';
import { doerOf } from '../http/request';
import { defineRoute, type Route } from '../http/route';

const mostSkills = 20;
const greatestCapacity = 10_000;

export const Skills = distinct(z.array(z.string().trim().min(1).max(40)).max(mostSkills));
const Capacity = z.int().min(0).max(greatestCapacity).nullable();
const capacityMeans = 'Open tickets that they should have at once; null: no limit.';

export const Member = z
  .object({
    id: z.uuid(),
    name: z.string(),
    skills: z.array(z.string()).optional().describe('For those who may read people in full.'),
    capacity: z.int().nullable().optional().describe(capacityMeans),
  })
  .meta({ id: 'TeamMember' });

/** How many of its members a team shows; `/members` has all. */
export const membersShown = 100;

const memberSql = 'u.id, u.name, m.skills, m.capacity';
const fromSql = `team_members m
  join users u on u.organization_id = m.organization_id and u.id = m.user_id`;

/** Select expression of the first members of the team `t`. */
export const membersSql = `coalesce((
  select jsonb_agg(to_jsonb(one) order by one.name, one.id)
    from (select ${memberSql} from ${fromSql}
           where m.organization_id = t.organization_id and m.team_id = t.id
           order by u.name, u.id limit ${membersShown}) one), '[]')`;

const listing = defineListing({
  name: 'team members',
  item: Member,
  idSql: 'u.id',
  fields: {
    name: { type: 'text', column: 'u.name', nullable: false },
    capacity: { type: 'integer', column: 'm.capacity' },
    isActive: { type: 'boolean', column: 'u.is_active', nullable: false },
  },
  sorts: ['name', 'capacity'],
  defaultSort: 'name',
  search: ['u.name', `array_to_string(m.skills, ', ')`],
});

export function memberRoutes(sources: ListSources): Route[] {
  return [listRoute(sources), joinRoute(sources), leaveRoute(sources)];
}

const manage = { tag: 'People', access: 'team:manage', ifMatch: false } as const;
const done = { status: 204 } as const;
const Params = z.strictObject({ id: z.uuid() });

function listRoute({ database, secret }: ListSources): Route {
  return defineRoute({
    tag: 'People',
    access: 'user:read',
    method: 'get',
    path: '/teams/{id}/members',
    summary: 'List who is in a team.',
    description: '`search` looks through names and skills.',
    params: Params,
    query: listQuery(listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(Member) },
    handle: async ({ actor, params, query }) => {
      const where = 'm.organization_id = $1::uuid and m.team_id = $2::uuid';
      const source = { select: memberSql, from: fromSql, where };
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        await readTeam(tx, params.id);
        const context = { actor, secret, binds: [tx.organizationId, params.id] };
        return readPage<z.infer<typeof Member>>(tx, { listing, query, source, context });
      });
      return pageReply(page, ({ id, name, skills, capacity }) => {
        return { id, name, skills, capacity };
      });
    },
  });
}

const Joining = z.strictObject({
  userId: z.uuid(),
  skills: Skills.optional().describe('Left out: as they are; of somebody new: none.'),
  capacity: Capacity.optional().describe(`${capacityMeans} Left out: as it is.`),
});

function joinRoute({ database }: ListSources): Route {
  return defineRoute({
    ...manage,
    method: 'post',
    path: '/teams/{id}/members',
    summary: 'Take somebody into a team, or change what is said of somebody who is in it.',
    params: Params,
    body: Joining,
    reply: { ...done, description: 'They are in it.' },
    handle: async ({ actor, params, body, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const team = await holdTeam(tx, params.id);
        const { userId, skills, capacity } = body;
        const person = await personOf(tx, userId);
        if (!person) throw invalid('/userId', 'is nobody who is there', 'not_found');
        const before = await memberOf(tx, team.id, userId);
        const after: Membership = {
          ...person,
          skills: skills ?? before?.skills ?? [],
          capacity: capacity === undefined ? (before?.capacity ?? null) : capacity,
        };
        await join(tx, doerOf({ actor, request }), { team, before, after });
      });
      return {};
    },
  });
}

function leaveRoute({ database }: ListSources): Route {
  return defineRoute({
    ...manage,
    method: 'delete',
    path: '/teams/{id}/members/{userId}',
    summary: 'Take somebody out of a team.',
    params: z.strictObject({ id: z.uuid(), userId: z.uuid() }),
    reply: { ...done, description: 'They are not in it any more.' },
    handle: async ({ actor, params: { id, userId }, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const team = await holdTeam(tx, id);
        const member = await memberOf(tx, team.id, userId);
        if (!member) throw new Refusal('not_found', 'They are not in this team.');
        await leave(tx, doerOf({ actor, request }), { team, member });
      });
      return {};
    },
  });
}

async function personOf(tx: Tx, id: string): Promise<Reference | undefined> {
  const [person] = await tx.rows<Reference>(
    'select id, name from users where organization_id = $1 and id = $2',
    [tx.organizationId, id],
  );
  return person;
}
