/** Administrators are told of who has left, and of how much they had open. */
import type { Tx } from '../database';

export const leavingNotice = 'person.deactivated';

interface Leaving {
  /** How many open tickets go back to their teams. */
  readonly openTickets: number;
  /** What caused it; part of the notice's identity. */
  readonly cause: string;
  /** Who did it, and so knows. */
  readonly byId: string;
}

/** One notice for each active administrator but the one who did it, in one statement. */
export async function tellOfLeaving(
  tx: Tx,
  { id, name }: { readonly id: string; readonly name: string },
  { openTickets, cause, byId }: Leaving,
): Promise<void> {
  await tx.rows(
    `insert into notifications (organization_id, id, recipient_id, cause, template, subject, data)
     select u.organization_id, gen_random_uuid(), u.id, $2, $3, $4, $5
       from users u cross join rights_at(u.organization_id, u.id, u.role, clock_timestamp()) r
      where u.organization_id = $1 and u.is_active and not u.is_service and r.role = 'admin'
        and u.id <> $6`,
    [
      tx.organizationId,
      cause,
      leavingNotice,
      `${name} has left; open tickets that go back to their teams: ${openTickets}`,
      JSON.stringify({ userId: id, openTickets }),
      byId,
    ],
  );
}
