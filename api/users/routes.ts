/** People. Agents see them in full; an end user sees names, of those who are active. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { includesRole, roles, type Actor, type Role } from '../../models/users/actor';
import { fieldsUsed } from '../http/list/fields-used';
import { defineListing } from '../http/list/listing';
import type { ListQuery } from '../http/list/query';
import { readRoutes, type ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import type { Route } from '../http/route';

const User = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().optional().describe('For agents, like all members below.'),
    role: z.enum(roles).optional(),
    manager: Reference.nullable().optional(),
    isActive: z.boolean().optional(),
    createdAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'User' });

const users = defineListing({
  name: 'users',
  item: User,
  idSql: 'u.id',
  fields: {
    id: { type: 'reference', column: 'u.id', nullable: false },
    name: { type: 'text', column: 'u.name', nullable: false },
    email: { type: 'text', column: 'u.email', nullable: false },
    role: { type: 'enum', column: 'u.role', values: roles, ordered: true, nullable: false },
    manager: { type: 'reference', column: 'u.manager_id' },
    isActive: { type: 'boolean', column: 'u.is_active', nullable: false },
    createdAt: { type: 'instant', column: 'u.created_at', nullable: false },
  },
  sorts: ['name', 'email', 'createdAt'],
  defaultSort: 'name',
});

/** What everybody may ask about; the rest would tell what is not shown. */
const open = ['id', 'name'];

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly manager: Reference | null;
  readonly isActive: boolean;
  readonly createdAt: Date;
}

export function userRoutes(sources: ListSources): Route[] {
  return readRoutes<UserRow>(sources, {
    path: '/users',
    tag: 'People',
    one: 'person',
    many: 'people',
    access: 'signedIn',
    listing: users,
    item: User,
    select: `u.id, u.name, u.email, u.role, u.is_active as "isActive", u.created_at as "createdAt",
             ${referenceSql('m')} as manager`,
    from: 'users u left join users m on m.organization_id = u.organization_id and m.id = u.manager_id',
    visibleTo: (actor) => (includesRole(actor.role, 'agent') ? 'true' : 'u.is_active'),
    check: refuseProbing,
    present: presentUser,
  });
}

function refuseProbing(query: ListQuery, actor: Actor): void {
  if (includesRole(actor.role, 'agent')) return;
  const closed = fieldsUsed(query).filter((field) => !open.includes(field));
  if (closed.length === 0) return;
  throw new Refusal('forbidden', `Only agents may filter or sort by ${closed.join(', ')}.`);
}

function presentUser(row: UserRow, actor: Actor): z.infer<typeof User> {
  const { id, name, email, role, manager, isActive } = row;
  if (!includesRole(actor.role, 'agent')) return { id, name };
  return { id, name, email, role, manager, isActive, createdAt: toInstant(row.createdAt) };
}
