/**
 * One batch of the news that other terms hold: each open ticket is owed one fact by the outbox, and its own
 * life takes it. The next ones are told when all of these have heard, so that never more than a batch of
 * lives is kept from what people want of them.
 */
import type { Database, Tx } from '../database';
import type { Instant } from '../instant';
import { holdfast, kernelFacts } from '../tickets/fact';
import { tell } from '../tickets/kernel/record';
import { advanceRun, beginRun, endRun, lockRun, type SlaRun } from './rows';

const batch = 20;
/** Many need not be told of a calendar: so many are asked at once. */
const lookedAt = 500;
const zero = '00000000-0000-0000-0000-000000000000';

/** The same for each ticket, as a cause is one of its ticket only. */
export function causeOf(runId: string): string {
  return `agreed/${runId}`;
}

/** How it goes on; nothing to wait for: it is over. */
export interface Told {
  readonly wakeAt?: Instant;
  readonly pauseMs?: number;
}

const pauseMs = 1_000;

export async function tellNext(
  { database }: { readonly database: Pick<Database, 'inOrganization'> },
  { organizationId, runId }: { readonly organizationId: string; readonly runId: string },
): Promise<Told> {
  return database.inOrganization(organizationId, async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run || run.isOver) return {};
    if (await isWithdrawn(tx, run)) {
      await endRun(tx, runId, 'withdrawn');
      return {};
    }
    if ((await tx.now()) < run.startsAt) return { wakeAt: run.startsAt };
    if (run.state === 'waiting') await beginRun(tx, runId, await countOpen(tx, run));
    return tellBatch(tx, run);
  });
}

/** The version was taken back before it came into force. */
async function isWithdrawn(tx: Tx, { kind, policyId, version }: SlaRun): Promise<boolean> {
  if (kind !== 'publication') return false;
  const rows = await tx.rows(
    `select 1 from sla_policies where organization_id = $1 and id = $2 and version = $3
        and isfinite(published_at)`,
    [tx.organizationId, policyId, version],
  );
  return rows.length === 0;
}

async function tellBatch(tx: Tx, run: SlaRun): Promise<Told> {
  const { told = zero, heard = zero } = run.cursor ?? {};
  if (await someHaveNotHeard(tx, run.id, { heard, told })) return { pauseMs };
  const retargeted = await countRetargeted(tx, run.id, { heard, told });
  const { ids, looked, last } = await openAfter(tx, run, told);
  const cursor = { heard: told, told: last ?? told };
  await advanceRun(tx, run, { cursor, done: looked, retargeted });
  if (last === undefined) await endRun(tx, run.id, 'done');
  const news = { name: kernelFacts.agreed, input: {}, actor: holdfast };
  await Promise.all(
    ids.map((ticketId) => tell(tx, causeOf(run.id), run.startsAt, { ...news, ticketId })),
  );
  return ids.length > 0 ? { pauseMs } : {};
}

/** Those that were there before; whatever is open is not settled, which has an index. */
const there = `t.organization_id = $1 and t.is_open and not t.is_settled
  and ($2::text is null or t.type = $2) and t.opened_at <= $3::timestamptz`;

async function countOpen(tx: Tx, { ticketType, startsAt }: SlaRun): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    `select count(*)::int as n from tickets t where ${there}`,
    [tx.organizationId, ticketType, startsAt],
  );
  return row?.n ?? 0;
}

/** A clock of it runs by an older version of the calendar; without one every ticket is concerned. */
const isConcerned = `($4::text is null or exists (
    select 1 from jsonb_array_elements(t.snapshot->'clocks') c
     where jsonb_typeof(c->'stoppedAt') = 'null' and c->'terms'->'calendar'->>'id' = $4
       and (c->'terms'->'calendar'->>'version')::int < (
         select max(version) from calendars v
          where v.organization_id = $1 and v.id = $4::uuid)))`;

/** The next that are to be told, how many were looked at for that, and the last of these. */
async function openAfter(tx: Tx, run: SlaRun, after: string) {
  const { ticketType, startsAt, calendarId } = run;
  const rows = await tx.rows<{ id: string; isConcerned: boolean }>(
    `select t.id, ${isConcerned} as "isConcerned" from tickets t
      where ${there} and t.id > $5::uuid order by t.id limit $6`,
    [tx.organizationId, ticketType, startsAt, calendarId, after, lookedAt],
  );
  const concerned = rows.filter((row) => row.isConcerned).slice(0, batch);
  const end = concerned.at(batch - 1) ?? rows.at(-1);
  const looked = end === undefined ? 0 : rows.indexOf(end) + 1;
  return { ids: concerned.map(({ id }) => id), looked, last: end?.id };
}

interface Between {
  readonly heard: string;
  readonly told: string;
}

/** A message that was set aside waits for people, not the run. */
async function someHaveNotHeard(tx: Tx, runId: string, { heard, told }: Between): Promise<boolean> {
  const rows = await tx.rows(
    `select 1 from engine_outbox o
      where o.organization_id = $1 and o.id = $2 and o.ticket_id > $3::uuid and o.ticket_id <= $4::uuid
        and o.set_aside_at is null
        and not exists (select 1 from ticket_events e where e.organization_id = o.organization_id
                           and e.cause = o.id and e.ticket_id = o.ticket_id)
        and not exists (select 1 from ticket_refusals r where r.organization_id = o.organization_id
                           and r.cause = o.id and r.ticket_id = o.ticket_id)
      limit 1`,
    [tx.organizationId, causeOf(runId), heard, told],
  );
  return rows.length > 0;
}

/** The first line of the fact says it. */
async function countRetargeted(tx: Tx, runId: string, { heard, told }: Between): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    `select count(*)::int as n from ticket_events
      where organization_id = $1 and cause = $2 and ticket_id > $3::uuid and ticket_id <= $4::uuid
        and type = 'slaRetargeted'`,
    [tx.organizationId, causeOf(runId), heard, told],
  );
  return row?.n ?? 0;
}
