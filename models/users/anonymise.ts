/** Makes somebody unknown who has left. What others did with them stays, and refers to nobody in particular. */
import type { Tx } from '../database';
import { leavingNotice } from '../notifications/leaving';

export const formerName = 'Former person';

/** Tables of what belongs to one person alone, with the column that says to whom. Recovery codes go with the factor. */
const belongings: readonly (readonly [table: string, owner: string])[] = [
  ['sign_in_challenges', 'user_id'],
  ['second_factors', 'user_id'],
  ['refresh_tokens', 'user_id'],
  ['sessions', 'user_id'],
  ['api_tokens', 'user_id'],
  ['mails', 'user_id'],
  ['link_tokens', 'user_id'],
  ['past_passwords', 'user_id'],
  ['role_assignments', 'user_id'],
  ['team_members', 'user_id'],
  ['board_members', 'user_id'],
  ['notifications', 'recipient_id'],
  ['views', 'owner_id'],
  ['delegations', 'user_id'],
  ['delegations', 'substitute_id'],
];

/** Deletes nothing that a ticket, its feed or the audit log refers to. */
export async function anonymise(tx: Tx, id: string): Promise<void> {
  for (const [table, owner] of belongings) {
    await tx.rows(`delete from ${table} where organization_id = $1 and ${owner} = $2`, [
      tx.organizationId,
      id,
    ]);
  }
  // Administrators were told their name.
  await tx.rows(
    `delete from notifications
      where organization_id = $1 and template = $3 and data->>'userId' = $2`,
    [tx.organizationId, id, leavingNotice],
  );
  await tx.rows(
    `update teams set lead_id = null, revision = revision + 1
      where organization_id = $1 and lead_id = $2`,
    [tx.organizationId, id],
  );
  await tx.rows(
    `update users
        set name = $3, email = $4, role = 'end_user', password_hash = null,
            must_change_password = false, manager_id = null, phone = null, title = null,
            department = null, location_id = null, locale = null, timezone = null, is_vip = false,
            deleted_at = clock_timestamp(), revision = revision + 1
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, formerName, `${id}@deleted.invalid`],
  );
}
