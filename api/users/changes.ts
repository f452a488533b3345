/** What no constraint of the table knows about people: managers, administrators, passwords. */
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { lockFor } from '../../models/lock';
import type { Actor, Role } from '../../models/users/actor';
import { refuseWeak } from '../auth/change-password';
import { hashPassword } from '../auth/password';
import { refuseStale } from '../http/admission';
import { refuseCircle } from '../http/resource/circle';

const managers = {
  table: 'users',
  column: 'manager_id',
  pointer: '/managerId',
  detail: 'would make somebody their own manager',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** The hash in place of the password, to be changed at the first sign-in. Throws invalid_input. */
export async function withHash({ password, ...fields }: Fields): Promise<Fields> {
  if (typeof password !== 'string') return fields;
  const owner = { name: String(fields['name']), email: String(fields['email']) };
  refuseWeak(password, owner, '/password');
  return { ...fields, passwordHash: await hashPassword(password), mustChangePassword: true };
}

/**
 * Throws invalid_input for a circle of managers, conflict for the last administrator, step_up_required for a
 * role that somebody does not have yet.
 */
export async function refuseChange(
  tx: Tx,
  id: string,
  { managerId, role }: Fields,
  actor: Actor,
): Promise<void> {
  if (role !== undefined && role !== (await roleOf(tx, id))) refuseStale(actor);
  if (typeof managerId === 'string') await refuseCircle(tx, managers, id, managerId);
  if (role !== undefined && role !== 'admin') await refuseLastAdministrator(tx, id);
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
