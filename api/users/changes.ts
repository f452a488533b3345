/** What no constraint of the table knows about people: managers, administrators, passwords. */
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { lockFor } from '../../models/lock';
import { refuseWeak } from '../auth/change-password';
import { hashPassword } from '../auth/password';
import { refuseCircle } from '../http/resource/circle';

const managers = {
  table: 'users',
  column: 'manager_id',
  pointer: '/managerId',
  detail: 'would make somebody their own manager',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** The hash in place of the password, to be changed at the first sign-in. Throws invalid_input. */
export async function withHash({ password, login, ...fields }: Fields): Promise<Fields> {
  if (typeof password !== 'string') return fields;
  if (login === false) throw invalid('/password', 'is for somebody with a login', 'without_login');
  const owner = { name: String(fields['name']), email: String(fields['email']) };
  refuseWeak(password, owner, '/password');
  return { ...fields, passwordHash: await hashPassword(password), mustChangePassword: true };
}

/** Throws invalid_input for a circle of managers, conflict for the last administrator. */
export async function refuseChange(tx: Tx, id: string, { managerId, role }: Fields): Promise<void> {
  if (typeof managerId === 'string') await refuseCircle(tx, managers, id, managerId);
  if (role !== undefined && role !== 'admin') await refuseLastAdministrator(tx, id);
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
