/** The roles that a new person is given by id. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { findRole, give, permissionsOf } from '../../models/roles/assignments';
import { roles, type Role } from '../../models/users/actor';
import { refuseBeyond } from '../../models/users/escalation';
import type { Permission } from '../../models/users/permissions';
import { refuseStale } from '../http/admission';
import type { Change } from '../http/resource/resource';

/** Gives a new person the roles that were named by id. Throws invalid_input, step_up_required, forbidden. */
export async function giveRoles(
  tx: Tx,
  { id, input: { roleIds }, actor }: Change,
  all: readonly Permission[],
): Promise<void> {
  const wanted = z.array(z.uuid()).catch([]).parse(roleIds);
  if (wanted.length > 0) refuseStale(actor);
  for (const [k, roleId] of wanted.entries()) {
    const role = await findRole(tx, roleId);
    if (!role) throw invalid(`/roleIds/${k}`, 'is no role', 'not_found');
    const permissions = permissionsOf(role, all);
    await refuseBeyond(tx, actor, { permissions, until: null }, all);
    if (role.base === null) await give(tx, id, { roleId, validUntil: null });
    else await raise(tx, id, role.base);
  }
}

/** The highest of the protected roles that are named is the person's own. */
async function raise(tx: Tx, id: string, role: Role): Promise<void> {
  await tx.rows(
    `update users set role = $3 where organization_id = $1 and id = $2 and role = any($4)`,
    [tx.organizationId, id, role, roles.slice(0, roles.indexOf(role))],
  );
}
