/** What no constraint of the table knows about people: managers, administrators, passwords. */
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { lockFor } from '../../models/lock';
import { roles, type Role } from '../../models/users/actor';
import { refuseBeyond, refuseOver } from '../../models/users/escalation';
import { heldOf, type Permission } from '../../models/users/permissions';
import { refuseWeak } from '../auth/change-password';
import { hashPassword } from '../auth/password';
import { refuseStale } from '../http/admission';
import { refuseCircle } from '../http/resource/circle';
import type { Change } from '../http/resource/resource';
import { isDeleted } from './account';

const managers = {
  table: 'users',
  column: 'manager_id',
  pointer: '/managerId',
  detail: 'would make somebody their own manager',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** What the row keeps: the hash in place of the password, to be changed at the first sign-in. Throws invalid_input. */
export async function storedOf(input: Fields): Promise<Fields> {
  const { password, login } = input;
  const beside = ['password', 'roleIds', 'login'];
  const fields = Object.fromEntries(
    Object.entries(input).filter(([name]) => !beside.includes(name)),
  );
  if (typeof password !== 'string') return fields;
  if (login === false) throw invalid('/password', 'is for somebody with a login', 'without_login');
  const owner = { name: String(fields['name']), email: String(fields['email']) };
  refuseWeak(password, owner, '/password');
  return { ...fields, passwordHash: await hashPassword(password), mustChangePassword: true };
}

/**
 * Throws invalid_input for a circle of managers, conflict for the last administrator, step_up_required for a
 * role that somebody does not have yet, forbidden.
 */
export async function refuseChange(
  tx: Tx,
  { did, id, input: { managerId, role }, actor }: Change,
  all: readonly Permission[],
): Promise<void> {
  if (did === 'edited') {
    await refuseOver(tx, actor, id, all);
    await refuseDeleted(tx, id);
  }
  if (isRole(role)) await refuseRole(tx, { id, actor }, role, all);
  // Nobody is below somebody new yet.
  if (did === 'edited' && typeof managerId === 'string')
    await refuseCircle(tx, managers, id, managerId);
}

async function refuseRole(
  tx: Tx,
  { id, actor }: Pick<Change, 'id' | 'actor'>,
  role: Role,
  all: readonly Permission[],
): Promise<void> {
  const before = await roleOf(tx, id);
  if (role === before) return;
  refuseStale(actor);
  const permissions = heldOf({ role }, all);
  await refuseBeyond(tx, actor, { permissions, until: null }, all);
  if (before === 'admin') await refuseLastAdministrator(tx, id);
}

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}

async function refuseDeleted(tx: Tx, id: string): Promise<void> {
  const deleted = await tx.rows(
    'select 1 from users where organization_id = $1 and id = $2 and deleted_at is not null',
    [tx.organizationId, id],
  );
  if (deleted.length > 0) throw isDeleted();
}

/** Somebody new begins as one who asks for things. */
async function roleOf(tx: Tx, id: string): Promise<Role> {
  const [person] = await tx.rows<{ role: Role }>(
    'select role from users where organization_id = $1 and id = $2',
    [tx.organizationId, id],
  );
  return person?.role ?? 'end_user';
}

/** Whoever can sign in and administer: the organization must keep one. */
export async function refuseLastAdministrator(tx: Tx, id: string): Promise<void> {
  await lockFor(tx, 'administrators');
  const administrators = await tx.rows<{ id: string }>(
    `select id from users where organization_id = $1 and role = 'admin' and is_active
        and password_hash is not null`,
    [tx.organizationId],
  );
  if (administrators.length !== 1 || administrators[0]?.id !== id) return;
  throw new Refusal('conflict', 'This is the last administrator: make another one first.');
}
