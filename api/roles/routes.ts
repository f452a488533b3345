/** Roles: the protected ones, whose rights follow from the release, and those made from permissions. */
import { z } from 'zod';
import { RoleRow as Roles } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { permissionsOf, type RoleOfRow } from '../../models/roles/assignments';
import { refuseBeyond } from '../../models/users/escalation';
import type { Permission } from '../../models/users/permissions';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';

export interface RoleSources extends ListSources {
  readonly permissions: readonly Permission[];
}

const RoleItem = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    isProtected: z
      .boolean()
      .describe('One of the four of Holdfast: never changed, and given as `role`.'),
    permissions: z.array(z.string()),
    isActive: z.boolean().describe('One that is not gives nothing.'),
    revision: z.int(),
  })
  .meta({ id: 'Role' });

const input = z.strictObject({
  name: Line,
  description: z.string().trim().max(1_000).default(''),
  permissions: z
    .array(z.string().max(100))
    .max(200)
    .refine((names) => new Set(names).size === names.length, { message: 'names one twice' })
    .describe('As in `GET /permissions`; you must hold each of them.'),
  isActive: z.boolean().default(true),
});

const listing = defineListing({
  name: 'roles',
  item: RoleItem,
  idSql: 'r.id',
  fields: {
    name: { type: 'text', column: 'r.name', nullable: false },
    isProtected: { type: 'boolean', column: '(r.base is not null)', nullable: false },
    isActive: { type: 'boolean', column: 'r.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

interface StoredRole extends RoleOfRow {
  readonly description: string;
  readonly isActive: boolean;
  readonly revision: number;
}

export function roleRoutes(sources: RoleSources): Route[] {
  const { permissions: all } = sources;
  return resourceRoutes<StoredRole>(sources, {
    path: '/roles',
    tag: 'Administration',
    one: 'role',
    many: 'roles',
    access: 'user:read',
    manage: 'role:manage',
    freshFactor: true,
    model: Roles,
    input,
    refuse: (tx, change) => refuseChange(tx, change, all),
    listing,
    item: RoleItem,
    select: `r.id, r.name, r.description, r.base, r.permissions, r.is_active as "isActive", r.revision`,
    from: 'roles r',
    present: ({ base, permissions, ...role }) => ({
      ...role,
      isProtected: base !== null,
      permissions: permissionsOf({ base, permissions }, all),
    }),
  });
}

/** Whoever changes a role must hold all that it gives, before and after. */
async function refuseChange(
  tx: Tx,
  { did, id, input: given, actor }: Change,
  all: readonly Permission[],
): Promise<void> {
  const wanted = z.array(z.string()).catch([]).parse(given['permissions']);
  refuseUnknown(wanted, all);
  await refuseBeyond(tx, actor, { permissions: wanted, until: null }, all);
  if (did === 'created') return;
  const [before] = await tx.rows<Pick<StoredRole, 'base' | 'permissions'>>(
    'select base, permissions from roles where organization_id = $1 and id = $2',
    [tx.organizationId, id],
  );
  if (!before) return;
  if (before.base !== null) throw new Refusal('conflict', 'A protected role stays as it is.');
  await refuseBeyond(tx, actor, { permissions: before.permissions, until: null }, all);
}

function refuseUnknown(wanted: readonly string[], all: readonly Permission[]): void {
  const known = new Set(all.map(({ name }) => name));
  const unknown = wanted.findIndex((name) => !known.has(name));
  if (unknown === -1) return;
  throw invalid(`/permissions/${unknown}`, 'is no permission', 'not_found');
}
