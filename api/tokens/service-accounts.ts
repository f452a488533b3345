/** Accounts of programs: nobody signs in to them, they come with API tokens. */
import { z } from 'zod';
import { UserRow as Users } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { roles, type Role } from '../../models/users/actor';
import { refuseBeyond, refuseOver } from '../../models/users/escalation';
import { heldOf, type Permission } from '../../models/users/permissions';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';
import { tokenRoutes, type TokenSources } from './routes';

const ServiceAccount = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(roles),
    isActive: z.boolean().describe('The tokens of one that is not do nothing.'),
    createdAt: z.iso.datetime(),
    revision: z.int(),
  })
  .meta({ id: 'ServiceAccount' });

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly revision: number;
}

const input = z.strictObject({
  name: Line,
  role: z.enum(roles).default('agent'),
  isActive: z.boolean().default(true),
});

const listing = defineListing({
  name: 'service-accounts',
  item: ServiceAccount,
  idSql: 'u.id',
  fields: {
    name: { type: 'text', column: 'u.name', nullable: false },
    isActive: { type: 'boolean', column: 'u.is_active', nullable: false },
    createdAt: { type: 'instant', column: 'u.created_at', nullable: false },
  },
  sorts: ['name', 'createdAt'],
  defaultSort: 'name',
});

export function serviceAccountRoutes(sources: TokenSources): Route[] {
  const accounts = resourceRoutes<AccountRow>(sources, {
    path: '/service-accounts',
    tag: 'Administration',
    one: 'service account',
    many: 'service accounts',
    access: 'token:manage',
    manage: 'token:manage',
    freshFactor: true,
    model: Users,
    input,
    stays: true,
    // Nobody has this address: the name `invalid` is set apart for that (RFC 2606).
    stored: (fields, id) =>
      Promise.resolve({ ...fields, isService: true, email: `${id}@service.invalid` }),
    refuse: (tx, change) => refuseChange(tx, change, sources.permissions),
    listing,
    item: ServiceAccount,
    select: `u.id, u.name, u.role, u.is_active as "isActive", u.created_at as "createdAt", u.revision`,
    from: 'users u',
    within: 'u.is_service',
    present: ({ createdAt, ...account }) => ({ ...account, createdAt: toInstant(createdAt) }),
  });
  const tokens = tokenRoutes(sources, {
    path: '/service-accounts/{id}/tokens',
    access: 'token:manage',
    tag: 'Administration',
    params: z.strictObject({ id: z.uuid() }),
    of: (tx, _, params) => accountOf(tx, String(params['id'])),
  });
  return [...accounts, ...tokens];
}

/** One's own tokens, for programs that act as oneself. */
export function myTokenRoutes(sources: TokenSources): Route[] {
  return tokenRoutes(sources, {
    path: '/me/api-tokens',
    access: 'person',
    tag: 'Me',
    params: z.strictObject({}),
    of: (_, actor) => Promise.resolve(actor.id),
  });
}

async function accountOf(tx: Tx, id: string): Promise<string> {
  const [account] = await tx.rows(
    'select 1 from users where organization_id = $1 and id = $2 and is_service',
    [tx.organizationId, id],
  );
  if (!account) throw new Refusal('not_found', 'There is no such service account.');
  return id;
}

async function refuseChange(
  tx: Tx,
  { did, id, input: given, actor }: Change,
  all: readonly Permission[],
): Promise<void> {
  if (did === 'edited') await refuseOver(tx, actor, id, all);
  const role = z.enum(roles).safeParse(given['role']).data;
  if (role === undefined) return;
  await refuseBeyond(tx, actor, { permissions: heldOf({ role }, all), until: null }, all);
}
