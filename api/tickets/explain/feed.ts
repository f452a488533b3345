/** Lines of a feed that may have begun a piece of a ledger. */
import type { Tx } from '../../../models/database';
import { toInstant, type Instant } from '../../../models/instant';
import type { Told } from '../../../models/sla/ledger-facts';
import type { FactActor } from '../../../models/tickets/fact';

export interface Line extends Told {
  readonly type: string;
  readonly actor: FactActor;
  readonly reason: string | null;
  readonly isPublic: boolean;
}

interface Row extends Omit<Line, 'at'> {
  readonly at: Date;
}

/** No ticket has so many; of one that had, the newest are read. */
const mostLines = 5_000;

/** In the order of the feed: those that moved the clock, and what changed the ticket at these instants. */
export async function readLines(
  tx: Tx,
  { ticketId, clockId }: { ticketId: string; clockId: string },
  instants: readonly Instant[],
): Promise<Line[]> {
  const rows = await tx.rows<Row>(
    `select e.type, e.occurred_at as at, e.actor, e.visibility = 'public' as "isPublic",
            e.data ? 'changes' as changes,
            case when jsonb_typeof(e.data->'reason') = 'string' then e.data->>'reason' end as reason,
            jsonb_path_query_array(e.data, '$.clocks[*] ? (@.clock == $id)',
                                   jsonb_build_object('id', $3::text)) as clocks
       from ticket_events e
      where e.organization_id = $1 and e.ticket_id = $2
        and (e.data->'clocks' @> jsonb_build_array(jsonb_build_object('clock', $3::text))
             or e.data ? 'changes' and e.occurred_at = any($4::timestamptz[]))
      order by e.version desc limit ${mostLines}`,
    [tx.organizationId, ticketId, clockId, instants],
  );
  return rows.reverse().map((row) => ({ ...row, at: toInstant(row.at) }));
}
