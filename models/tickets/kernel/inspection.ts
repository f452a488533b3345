/** What PostgreSQL alone can tell of tickets that are not as they should be. */
import type { Database, Tx } from '../../database';
import { toInstant } from '../../instant';
import { organizationsOf, type Organization } from './named';

interface Inspected {
  readonly ticket: string;
  readonly detail: string;
}

export interface Inspection {
  readonly tickets: number;
  readonly overdue: readonly Inspected[];
  readonly gaps: readonly Inspected[];
  readonly failed: readonly Inspected[];
  /** Facts that were refused: outcomes, nothing is wrong with them. */
  readonly refusedFacts: number;
}

const pageSize = 1_000;
const zero = '00000000-0000-0000-0000-000000000000';

/**
 * Reads every ticket of every organization, page by page. `graceSeconds`: how late is late; `waiting`: keys
 * of agenda entries that are not late while their organization is suspended.
 */
export async function inspectTickets(
  database: Database,
  graceSeconds: number,
  progress: (tickets: number) => void = () => undefined,
  waiting: readonly string[] = [],
): Promise<Inspection> {
  const overdue: Inspected[] = [];
  const gaps: Inspected[] = [];
  const failed: Inspected[] = [];
  let [tickets, refusedFacts] = [0, 0];
  for (const organization of await organizationsOf(database)) {
    for await (const row of ticketsOf(database, organization, { graceSeconds, waiting })) {
      tickets += 1;
      progress(tickets);
      const ticket = `${organization.slug}/${row.type}/${row.number}`;
      if (row.lateSince) overdue.push({ ticket, detail: `due since ${toInstant(row.lateSince)}` });
      const detail = gapOf(row);
      if (detail !== undefined) gaps.push({ ticket, detail });
    }
    const facts = await database.inOrganization(organization.id, (tx) =>
      keptFactsOf(tx, organization),
    );
    failed.push(...facts.failed);
    refusedFacts += facts.refused;
  }
  return { tickets, overdue, gaps, failed, refusedFacts };
}

interface Row {
  readonly id: string;
  readonly type: string;
  readonly number: string;
  readonly version: number;
  readonly lateSince: Date | null;
  readonly events: number;
  readonly first: number | null;
  readonly last: number | null;
}

async function* ticketsOf(
  database: Database,
  { id: organizationId }: Organization,
  { graceSeconds, waiting }: { readonly graceSeconds: number; readonly waiting: readonly string[] },
): AsyncGenerator<Row> {
  let last = zero;
  for (;;) {
    const page = await database.inOrganization(organizationId, (tx) =>
      tx.rows<Row>(
        `select t.id, t.type, t.number, t.version, e.events, e.first, e.last,
                case when not t.is_settled and t.next_due_at < late.at
                          and coalesce(o.resumed_at < late.at, true)
                          and (o.suspended_at is null or is_due_beside(t.snapshot, $4, late.at))
                     then t.next_due_at end as "lateSince"
           from (select now() - make_interval(secs => $3) as at) late
           join organizations o on o.id = $1
           cross join (select * from tickets where organization_id = $1 and id > $2
                  order by id limit ${pageSize}) t
           cross join lateral (
             select count(*)::int as events, min(version) as first, max(version) as last
               from ticket_events where organization_id = $1 and ticket_id = t.id) e
          order by t.id`,
        [organizationId, last, graceSeconds, waiting],
      ),
    );
    yield* page;
    const end = page.at(-1);
    if (!end || page.length < pageSize) return;
    last = end.id;
  }
}

/** Versions are 1, 2, 3 ... up to that of the row: anything else means that a line was lost. */
function gapOf({ version, events, first, last }: Row): string | undefined {
  const isWhole = events === version && (version === 0 || (first === 1 && last === version));
  if (isWhole) return undefined;
  return `the row has version ${version}, its feed ${events} lines from ${first ?? 0} to ${last ?? 0}`;
}

async function keptFactsOf(tx: Tx, { id, slug }: Organization) {
  const failed = await tx.rows<Inspected>(
    `select $2 || '/' || t.type || '/' || t.number as ticket, r.name || ' (' || r.cause || ')' as detail
       from ticket_refusals r join tickets t on t.organization_id = r.organization_id and t.id = r.ticket_id
      where r.organization_id = $1 and r.outcome = 'failed' and r.retried_at is null
      order by r.recorded_at`,
    [id, slug],
  );
  const [count] = await tx.rows<{ refused: number }>(
    `select count(*)::int as refused from ticket_refusals where organization_id = $1 and outcome = 'refused'`,
    [id],
  );
  return { failed, refused: count?.refused ?? 0 };
}
