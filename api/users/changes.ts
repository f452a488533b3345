/** What no constraint of the table knows about people: managers, administrators, passwords. */
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { passwordIssues } from '../../models/users/password-policy';
import { hashPassword } from '../auth/password';

type Fields = Readonly<Record<string, unknown>>;

/** The hash in place of the password, to be changed at the first sign-in. Throws invalid_input. */
export async function withHash({ password, ...fields }: Fields): Promise<Fields> {
  if (typeof password !== 'string') return fields;
  const owner = { name: String(fields['name']), email: String(fields['email']) };
  const errors = passwordIssues(password, owner, '/password');
  if (errors.length > 0) {
    const said = errors.map(({ detail }) => detail).join('; ');
    throw new Refusal('invalid_input', `The password ${said}.`, { errors });
  }
  return { ...fields, passwordHash: await hashPassword(password), mustChangePassword: true };
}

/** Throws invalid_input for a circle of managers, conflict for the last administrator. */
export async function refuseChange(tx: Tx, id: string, { managerId, role }: Fields): Promise<void> {
  if (typeof managerId === 'string') await refuseCircle(tx, id, managerId);
  if (role !== undefined && role !== 'admin') await refuseLastAdministrator(tx, id);
}

/** One writer at a time: two moves that are harmless alone may close a circle together. */
async function refuseCircle(tx: Tx, id: string, managerId: string): Promise<void> {
  await lock(tx, 'managers');
  const above = await tx.rows<{ id: string }>(
    `with recursive above as (
       select id, manager_id from users where organization_id = $1 and id = $2
        union
       select u.id, u.manager_id from users u join above a on u.id = a.manager_id
        where u.organization_id = $1)
     select id from above`,
    [tx.organizationId, managerId],
  );
  if (managerId === id || above.some((one) => one.id === id)) {
    throw invalid('/managerId', 'would make somebody their own manager', 'cycle');
  }
}

/** Whoever can sign in and administer: the organization must keep one. */
export async function refuseLastAdministrator(tx: Tx, id: string): Promise<void> {
  await lock(tx, 'administrators');
  const administrators = await tx.rows<{ id: string }>(
    `select id from users where organization_id = $1 and role = 'admin' and is_active
        and password_hash is not null`,
    [tx.organizationId],
  );
  if (administrators.length !== 1 || administrators[0]?.id !== id) return;
  throw new Refusal('conflict', 'This is the last administrator: make another one first.');
}

async function lock(tx: Tx, what: string): Promise<void> {
  await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${tx.organizationId}/${what}`,
  ]);
}
