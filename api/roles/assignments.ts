/** Who has which role beside their own, and until when. */
import { z } from 'zod';
import { invalid, Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { findRole, give, permissionsOf } from '../../models/roles/assignments';
import { refuseBeyond, refuseOver } from '../../models/users/escalation';
import { holdPerson } from '../../models/users/hold';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import { note } from '../users/account';
import type { RoleSources } from './routes';

const Assignment = z
  .object({
    role: Reference,
    validUntil: z.iso.datetime().nullable().describe('Null: until somebody takes it.'),
    givenAt: z.iso.datetime(),
  })
  .meta({ id: 'RoleAssignment' });

const params = z.strictObject({ id: z.uuid(), roleId: z.uuid() });
const shared = { tag: 'Administration', ifMatch: false } as const;
const one = {
  ...shared,
  path: '/users/{id}/roles/{roleId}',
  access: 'role:manage',
  params,
} as const;

export function assignmentRoutes(sources: RoleSources): Route[] {
  return [listRoute(sources), giveRoute(sources), takeRoute(sources)];
}

interface AssignmentRow {
  readonly role: Reference;
  readonly validUntil: Date | null;
  readonly givenAt: Date;
}

function listRoute({ database }: RoleSources): Route {
  return defineRoute({
    ...shared,
    method: 'get',
    path: '/users/{id}/roles',
    access: 'user:read',
    summary: 'Roles that somebody has beside their own and that count now.',
    params: z.strictObject({ id: z.uuid() }),
    reply: {
      status: 200,
      description: 'All of them.',
      body: z.object({ data: z.array(Assignment) }),
    },
    handle: async ({ actor, params: { id } }) => {
      const rows = await database.inOrganization(actor.organizationId, async (tx) => {
        await holdPerson(tx, id, { orService: true });
        return tx.rows<AssignmentRow>(assignmentsSql, [tx.organizationId, id]);
      });
      const data = rows.map(({ role, validUntil, givenAt }) => ({
        role,
        validUntil: validUntil && toInstant(validUntil),
        givenAt: toInstant(givenAt),
      }));
      return { body: { data } };
    },
  });
}

const assignmentsSql = `
  select jsonb_build_object('id', r.id, 'name', r.name) as role,
         a.valid_until as "validUntil", a.given_at as "givenAt"
    from role_assignments a
    join roles r on r.organization_id = a.organization_id and r.id = a.role_id
   where a.organization_id = $1 and a.user_id = $2
     and coalesce(a.valid_until > clock_timestamp(), true)
   order by r.name`;

function giveRoute({ database, permissions: all }: RoleSources): Route {
  return defineRoute({
    ...one,
    method: 'put',
    summary: 'Give somebody a role, for ever or until an instant.',
    description: 'You must hold all that it gives. Given again, it has the new end.',
    body: z.strictObject({ validUntil: z.iso.datetime({ offset: true }).nullable().default(null) }),
    reply: { status: 204, description: 'They have it.' },
    handle: async ({ actor, params: { id, roleId }, body: { validUntil }, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const person = await holdPerson(tx, id, { orService: true });
        const role = await findRole(tx, roleId);
        if (!role) throw new Refusal('not_found', 'There is no such role.');
        await refuseOver(tx, actor, id, all);
        const gift = { permissions: permissionsOf(role, all), until: validUntil };
        await refuseBeyond(tx, actor, gift, all);
        if (role.base !== null && validUntil === null)
          throw invalid('/validUntil', 'is needed: for ever, it is the `role` of the person');
        if (validUntil !== null && Date.parse(validUntil) <= Date.parse(await tx.now()))
          throw invalid('/validUntil', 'must lie in the future');
        await give(tx, id, { roleId, validUntil });
        const after = { role: role.name, validUntil };
        await note(tx, { actor, request }, person, { action: 'role.given', after });
      });
      return {};
    },
  });
}

function takeRoute({ database, permissions: all }: RoleSources): Route {
  return defineRoute({
    ...one,
    method: 'delete',
    summary: 'Take a role from somebody.',
    reply: { status: 204, description: 'They do not have it any more.' },
    handle: async ({ actor, params: { id, roleId }, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const person = await holdPerson(tx, id, { orService: true });
        await refuseOver(tx, actor, id, all);
        const [taken] = await tx.rows<{ name: string; until: string | null }>(
          `delete from role_assignments a using roles r
            where a.organization_id = $1 and a.user_id = $2 and a.role_id = $3
              and r.organization_id = a.organization_id and r.id = a.role_id
          returning r.name, a.valid_until as until`,
          [tx.organizationId, id, roleId],
        );
        if (!taken) throw new Refusal('not_found', 'They have no such role beside their own.');
        const before = { role: taken.name, validUntil: taken.until };
        await note(tx, { actor, request }, person, { action: 'role.taken', before });
      });
      return {};
    },
  });
}
