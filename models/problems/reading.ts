/** Reads what stands beside a problem: incidents that it causes, changes that fix it; and how it stands itself. */
import { z } from 'zod';
import type { Tx } from '../database';
import { toInstant } from '../instant';
import type { Json } from '../tickets/ticket';
import { TicketIds, type Beside, type ProblemEnd } from './beside';

/** What is not there is left out. */
export async function readBeside(tx: Tx, about: Json): Promise<readonly Beside[]> {
  const rows = await tx.rows<Omit<Beside, 'openedAt'> & { openedAt: Date }>(
    `select id, type, number, is_open as "isOpen", opened_at as "openedAt",
            confidential_team_id is not null as "isConfidential",
            coalesce(jsonb_typeof(snapshot #> '{details,major}') = 'object', false) as "isMajor",
            snapshot #>> '{details,outcome}' as outcome
       from tickets where organization_id = $1 and id = any($2::uuid[]) order by number`,
    [tx.organizationId, TicketIds.parse(about)],
  );
  return rows.map((row) => ({ ...row, openedAt: toInstant(row.openedAt) }));
}

/** Undefined when there is none of that id. */
export async function readProblemEnd(tx: Tx, about: Json): Promise<ProblemEnd | undefined> {
  const [row] = await tx.rows<ProblemEnd>(
    `select nullif(snapshot #> '{details,resolution}', 'null') as resolution,
            snapshot #>> '{details,workaround,publishedAt}' is not null as "hasWorkaround"
       from tickets where organization_id = $1 and id = $2 and type = 'problem'`,
    [tx.organizationId, z.uuid().parse(about)],
  );
  return row;
}
