/** The caller: who it is, what it may do. */
import { z } from 'zod';
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import { roles, type Actor } from '../../models/users/actor';
import { heldOf, type Permission } from '../../models/users/permissions';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';

const Me = z
  .object({
    user: z.object({ id: z.uuid(), name: z.string(), email: z.string(), role: z.enum(roles) }),
    organization: z.object({ id: z.uuid(), slug: z.string(), name: z.string() }),
    teams: z.array(Reference),
    permissions: z.array(z.string()).meta({ examples: [['incident:read', 'incident:open']] }),
  })
  .meta({ id: 'Me' });

export interface MeSources {
  readonly database: Pick<Database, 'inOrganization'>;
  readonly permissions: readonly Permission[];
}

interface MeRow {
  readonly user: Pick<Actor, 'id' | 'name' | 'email' | 'role'>;
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string };
  readonly teams: readonly Reference[];
}

const meSql = `
  select jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email, 'role', u.role) as "user",
         jsonb_build_object('id', o.id, 'slug', o.slug, 'name', o.name) as organization,
         coalesce((
           select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name)
             from team_members m
             join teams t on t.organization_id = m.organization_id and t.id = m.team_id
            where m.organization_id = u.organization_id and m.user_id = u.id), '[]') as teams
    from users u join organizations o on o.id = u.organization_id
   where u.organization_id = $1 and u.id = $2 and u.is_active`;

export function meRoutes({ database, permissions }: MeSources): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/me',
      tag: 'Me',
      access: 'signedIn',
      despite: ['secondFactor'],
      summary: 'Who I am and what I may do.',
      reply: { status: 200, description: 'The caller.', body: Me },
      handle: async ({ actor }) => {
        const [row] = await database.inOrganization(actor.organizationId, (tx) =>
          tx.rows<MeRow>(meSql, [actor.organizationId, actor.id]),
        );
        if (row === undefined) throw new Refusal('unauthenticated', 'This account is not active.');
        const { user, organization, teams } = row;
        return { body: { user, organization, teams, permissions: heldOf(actor, permissions) } };
      },
    }),
  ];
}
