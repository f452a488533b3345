/** Who goes by a calendar. */
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';

interface Use {
  readonly type: 'team' | 'service' | 'policy';
  readonly id: string;
  readonly name: string;
}

const mostNamed = 20;

/**
 * Throws conflict with the first who use it. Any version of a policy counts: clocks that began under it go
 * by its calendars until they end. The calendar is locked, so that nobody begins to use it meanwhile.
 */
export async function refuseUsed(tx: Tx, id: string): Promise<void> {
  await tx.rows(
    'select 1 from business_calendars where organization_id = $1 and id = $2 for update',
    [tx.organizationId, id],
  );
  const usedBy = await tx.rows<Use>(
    `select 'team' as type, id, name from teams where organization_id = $1 and calendar_id = $2::uuid
      union all
     select 'service', id, name from services where organization_id = $1 and calendar_id = $2::uuid
      union all
     select distinct on (id) 'policy', id, name from sla_policies
      where organization_id = $1
        and definition->'targets' @> jsonb_build_array(jsonb_build_object('calendarId', $2::uuid::text))
      limit ${mostNamed}`,
    [tx.organizationId, id],
  );
  if (usedBy.length === 0) return;
  const names = usedBy.map(({ type, name }) => `${type} ${name}`).join(', ');
  throw new Refusal('conflict', `It is in use: ${names}.`, { usedBy });
}
