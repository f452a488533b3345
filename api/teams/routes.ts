/** Teams and who is in them. */
import { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import { TeamRow } from '../../models/catalogue/tables';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { doerOf, type By } from '../http/request';
import { resourceRoutes } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';

const Team = z
  .object({
    id: z.uuid(),
    name: z.string(),
    lead: Reference.nullable(),
    members: z.array(Reference),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Team' });

const input = z.strictObject({
  name: Line,
  leadId: z.uuid().nullable().default(null),
  isActive: z.boolean().default(true),
});

const teams = defineListing({
  name: 'teams',
  item: Team,
  idSql: 't.id',
  fields: {
    id: { type: 'reference', column: 't.id', nullable: false },
    name: { type: 'text', column: 't.name', nullable: false },
    lead: { type: 'reference', column: 't.lead_id' },
    isActive: { type: 'boolean', column: 't.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

const membersSql = `coalesce((
  select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
    from team_members m
    join users u on u.organization_id = m.organization_id and u.id = m.user_id
   where m.organization_id = t.organization_id and m.team_id = t.id), '[]')`;

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
    listing: teams,
    item: Team,
    select: `t.id, t.name, ${referenceSql('l')} as lead, ${membersSql} as members,
             t.is_active as "isActive", t.revision`,
    from: 'teams t left join users l on l.organization_id = t.organization_id and l.id = t.lead_id',
    present: ({ id, name, lead, members, isActive, revision }) => {
      return { id, name, lead, members, isActive, revision };
    },
  });
  return [...resource, joinRoute(sources), leaveRoute(sources)];
}

const manage = { tag: 'People', access: 'team:manage', ifMatch: false } as const;
const member = { status: 204 } as const;

function joinRoute({ database }: ListSources): Route {
  return defineRoute({
    ...manage,
    method: 'post',
    path: '/teams/{id}/members',
    summary: 'Take somebody into a team; who is in it stays in it.',
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({ userId: z.uuid() }),
    reply: { ...member, description: 'They are in it.' },
    handle: async ({ actor, params, body, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const team = await teamOf(tx, params.id);
        const person = await personOf(tx, body.userId);
        if (!person) throw invalid('/userId', 'is nobody who is there', 'not_found');
        const joined = await tx.rows(
          `insert into team_members (organization_id, team_id, user_id) values ($1, $2, $3)
           on conflict do nothing returning 1`,
          [tx.organizationId, team.id, person.id],
        );
        if (joined.length === 0) return;
        await recordMembership(tx, { actor, request }, { team, before: [], after: [person] });
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
    reply: { ...member, description: 'They are not in it any more.' },
    handle: async ({ actor, params, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const team = await teamOf(tx, params.id);
        const person = await personOf(tx, params.userId);
        const left = await tx.rows(
          `delete from team_members where organization_id = $1 and team_id = $2 and user_id = $3
           returning 1`,
          [tx.organizationId, team.id, params.userId],
        );
        if (!person || left.length === 0)
          throw new Refusal('not_found', 'They are not in this team.');
        await recordMembership(tx, { actor, request }, { team, before: [person], after: [] });
      });
      return {};
    },
  });
}

async function teamOf(tx: Tx, id: string): Promise<Reference> {
  const [team] = await tx.rows<Reference>(
    'select id, name from teams where organization_id = $1 and id = $2 for update',
    [tx.organizationId, id],
  );
  if (!team) throw new Refusal('not_found', 'There is no such team.');
  return team;
}

async function personOf(tx: Tx, id: string): Promise<Reference | undefined> {
  const [person] = await tx.rows<Reference>(
    'select id, name from users where organization_id = $1 and id = $2',
    [tx.organizationId, id],
  );
  return person;
}

/** Who joined or left; the revision counts, as the team looks different now. */
async function recordMembership(
  tx: Tx,
  by: By,
  change: { team: Reference; before: readonly Reference[]; after: readonly Reference[] },
): Promise<void> {
  const { team, before, after } = change;
  await tx.rows('update teams set revision = revision + 1 where organization_id = $1 and id = $2', [
    tx.organizationId,
    team.id,
  ]);
  await recordAct(tx, doerOf(by), {
    action: 'team.membersChanged',
    target: { type: 'team', ...team },
    before: { members: before },
    after: { members: after },
  });
}
