/** Roles that people have beside their own: read, given and taken. Rights to do so are asked elsewhere. */
import type { Tx } from '../database';
import type { Role } from '../users/actor';
import { heldOf, type Permission } from '../users/permissions';

export interface RoleOfRow {
  readonly id: string;
  readonly name: string;
  /** The protected role that it stands for; null: one that the organization made. */
  readonly base: Role | null;
  readonly permissions: readonly string[];
}

/** A role, held so that it is not deleted before the transaction ends. */
export async function findRole(tx: Tx, id: string): Promise<RoleOfRow | undefined> {
  const [role] = await tx.rows<RoleOfRow>(
    `select id, name, base, permissions from roles
      where organization_id = $1 and id = $2 for key share`,
    [tx.organizationId, id],
  );
  return role;
}

/** Names of what a role gives. */
export function permissionsOf(
  { base, permissions }: Pick<RoleOfRow, 'base' | 'permissions'>,
  all: readonly Permission[],
): readonly string[] {
  return base === null ? permissions : heldOf({ role: base }, all);
}

export interface Assigned {
  /** Null: until somebody takes it. */
  readonly validUntil: string | null;
}

/** What somebody has of a role beside their own and still counts; undefined: nothing. */
export async function assignmentOf(
  tx: Tx,
  userId: string,
  roleId: string,
): Promise<Assigned | undefined> {
  const [row] = await tx.rows<{ validUntil: Date | null }>(
    `select valid_until as "validUntil" from role_assignments
      where organization_id = $1 and user_id = $2 and role_id = $3
        and coalesce(valid_until > clock_timestamp(), true)`,
    [tx.organizationId, userId, roleId],
  );
  return row && { validUntil: row.validUntil?.toISOString() ?? null };
}

/** Given again, it has the new end. */
export async function give(
  tx: Tx,
  userId: string,
  { roleId, validUntil }: Assigned & { readonly roleId: string },
): Promise<void> {
  await tx.rows(
    `insert into role_assignments (organization_id, user_id, role_id, valid_until)
     values ($1, $2, $3, $4)
     on conflict (organization_id, user_id, role_id)
       do update set valid_until = excluded.valid_until, given_at = clock_timestamp()`,
    [tx.organizationId, userId, roleId, validUntil],
  );
}

/** Whoever has it not is no error. */
export async function take(tx: Tx, userId: string, roleId: string): Promise<void> {
  await tx.rows(
    'delete from role_assignments where organization_id = $1 and user_id = $2 and role_id = $3',
    [tx.organizationId, userId, roleId],
  );
}
