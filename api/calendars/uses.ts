/** Who goes by a calendar. */
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';

interface Use {
  readonly type: 'team' | 'service' | 'policy';
  readonly id: string;
  readonly name: string;
}

const mostNamed = 20;

/** Whether a target of these rules is counted on the calendar $2. */
function named(rules: string): string {
  const path = '$[*].targets[*].calendar.calendarId ? (@ == $id)';
  return `coalesce(jsonb_path_exists(${rules}, '${path}', jsonb_build_object('id', $2::uuid::text)), false)`;
}

/**
 * Throws conflict with the first who use it. Any version of a policy counts: clocks that began under it go
 * by its calendars until they end. So does a draft: it could not be published. The calendar is locked, so that nobody begins to use it meanwhile.
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
     select 'policy', id, name from sla_policy_heads h
      where organization_id = $1 and (${named("draft->'rules'")}
         or exists (select 1 from sla_policies v
                     where v.organization_id = h.organization_id and v.id = h.id
                       and (${named('v.rules')}
                            or v.definition->'targets' @> jsonb_build_array(
                                 jsonb_build_object('calendarId', $2::uuid::text)))))
      limit ${mostNamed}`,
    [tx.organizationId, id],
  );
  if (usedBy.length === 0) return;
  const names = usedBy.map(({ type, name }) => `${type} ${name}`).join(', ');
  throw new Refusal('conflict', `It is in use: ${names}.`, { usedBy });
}
