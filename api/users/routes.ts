/** People. Agents see them in full; an end user sees names, of those who are active. */
import { z } from 'zod';
import { UserRow as Users } from '../../models/resources/tables';
import { Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { roles, type Actor, type Role } from '../../models/users/actor';
import { may } from '../../models/users/permissions';
import { fieldsUsed } from '../http/list/fields-used';
import { defineListing } from '../http/list/listing';
import type { ListQuery } from '../http/list/query';
import { Reference, referenceSql } from '../http/reference';
import { resourceRoutes, type Resource } from '../http/resource/resource';
import type { Route } from '../http/route';
import type { PeopleSources } from './account';
import { accountRoutes } from './accounts';
import { refuseChange, storedOf } from './changes';
import { giveRoles } from './given-roles';
import { importRoute } from './import/route';
import { inviteNew } from './invite';
import { edits, input } from './profile';
import { peopleWith } from './search';

const User = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().optional().describe('For agents, like all members below.'),
    role: z.enum(roles).optional(),
    manager: Reference.nullable().optional(),
    phone: z.string().nullable().optional(),
    title: z.string().nullable().optional(),
    department: z.string().nullable().optional(),
    location: Reference.nullable().optional(),
    locale: z.string().nullable().optional(),
    timezone: z
      .string()
      .nullable()
      .optional()
      .describe('IANA zone; null: that of the organization.'),
    isVip: z.boolean().optional(),
    isActive: z.boolean().optional(),
    hasLogin: z
      .boolean()
      .optional()
      .describe(
        'May sign in; others only ask for things, or have not followed their invitation yet.',
      ),
    createdAt: z.iso.datetime().optional(),
    revision: z.int().optional(),
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
    department: { type: 'text', column: 'u.department' },
    location: { type: 'reference', column: 'u.location_id' },
    isVip: { type: 'boolean', column: 'u.is_vip', nullable: false },
    isActive: { type: 'boolean', column: 'u.is_active', nullable: false },
    createdAt: { type: 'instant', column: 'u.created_at', nullable: false },
  },
  sorts: ['name', 'email', 'createdAt'],
  defaultSort: 'name',
  search: ['u.name', 'u.email', 'u.title', 'u.department'],
});

/** What everybody may ask about; the rest would tell what is not shown. */
const open = ['id', 'name'];

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly manager: Reference | null;
  readonly phone: string | null;
  readonly title: string | null;
  readonly department: string | null;
  readonly location: Reference | null;
  readonly locale: string | null;
  readonly timezone: string | null;
  readonly isVip: boolean;
  readonly isActive: boolean;
  readonly hasLogin: boolean;
  readonly createdAt: Date;
  readonly revision: number;
}

export function userRoutes(sources: PeopleSources): Route[] {
  const people = peopleOf(sources);
  return [
    ...resourceRoutes(sources, people),
    ...accountRoutes(sources),
    importRoute(sources, people),
  ];
}

function peopleOf(sources: PeopleSources): Resource<UserRow> {
  return {
    path: '/users',
    tag: 'People',
    one: 'person',
    many: 'people',
    access: 'signedIn',
    manage: 'user:manage',
    model: Users,
    input,
    edits,
    stays: true,
    stored: storedOf,
    refuse: (tx, change) => refuseChange(tx, change, sources.permissions),
    alongside: (tx, change) => giveRoles(tx, change, sources.permissions),
    made: (tx, change) => inviteNew(tx, sources.desk, change),
    committed: () => {
      sources.desk.handOver();
    },
    listing: users,
    item: User,
    select: `u.id, u.name, u.email, u.role, u.phone, u.title, u.department, u.locale, u.timezone,
             u.is_vip as "isVip", u.is_active as "isActive", u.password_hash is not null as "hasLogin",
             u.created_at as "createdAt", u.revision,
             ${referenceSql('m')} as manager, ${referenceSql('l')} as location`,
    from: `users u
      left join users m on m.organization_id = u.organization_id and m.id = u.manager_id
      left join locations l on l.organization_id = u.organization_id and l.id = u.location_id`,
    within: 'not u.is_service',
    visibleTo: (actor) => (may(actor, 'user:read') ? 'true' : 'u.is_active'),
    searched: (actor) => (may(actor, 'user:read') ? users.search : ['u.name']),
    candidates: peopleWith,
    check: refuseProbing,
    present: presentUser,
  };
}

function refuseProbing(query: ListQuery, actor: Actor): void {
  if (may(actor, 'user:read')) return;
  const closed = fieldsUsed(query).filter((field) => !open.includes(field));
  if (closed.length === 0) return;
  throw new Refusal('forbidden', `Only agents may filter or sort by ${closed.join(', ')}.`);
}

/** Agents see people in full, others only names. */
function presentUser(row: UserRow, actor: Actor): z.infer<typeof User> {
  const { id, name, email, role, manager, phone, title, department, location } = row;
  if (!may(actor, 'user:read')) return { id, name };
  const { locale, timezone, isVip, isActive, hasLogin, revision } = row;
  return {
    ...{ id, name, email, role, manager, phone, title, department, location },
    ...{ locale, timezone, isVip, isActive, hasLogin, revision },
    createdAt: toInstant(row.createdAt),
  };
}
