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
  const ids = await openAfter(tx, run, told);
  const last = ids.at(-1);
  const cursor = { heard: told, told: last ?? told };
  await advanceRun(tx, run, { cursor, done: ids.length, retargeted });
  if (last === undefined) {
    await endRun(tx, run.id, 'done');
    return {};
  }
  await Promise.all(
    ids.map((ticketId) =>
      tell(tx, causeOf(run.id), run.startsAt, {
        ...{ ticketId, name: kernelFacts.agreed, input: {}, actor: holdfast },
      }),
    ),
  );
  return { pauseMs };
}

/** Open tickets that other terms may hold for: those that were there before, on another version. */
function concerned({ kind, ticketType, calendarId, startsAt }: SlaRun) {
  const older = `exists (
    select 1 from jsonb_array_elements(t.snapshot->'clocks') c
     where c->>'stoppedAt' is null and c->'terms'->'calendar'->>'id' = $4
       and (c->'terms'->'calendar'->>'version')::int < (
         select max(version) from calendars v
          where v.organization_id = $1 and v.id = $4::uuid))`;
  return {
    where: `t.organization_id = $1 and t.is_open and ($2::text is null or t.type = $2)
      and t.opened_at <= $3::timestamptz and ${kind === 'calendar' ? older : '$4::text is null'}`,
    bind: [ticketType, startsAt, calendarId],
  };
}

async function countOpen(tx: Tx, run: SlaRun): Promise<number> {
  const { where, bind } = concerned(run);
  const [row] = await tx.rows<{ n: number }>(
    `select count(*)::int as n from tickets t where ${where}`,
    [tx.organizationId, ...bind],
  );
  return row?.n ?? 0;
}

async function openAfter(tx: Tx, run: SlaRun, after: string): Promise<string[]> {
  const { where, bind } = concerned(run);
  const rows = await tx.rows<{ id: string }>(
    `select t.id from tickets t where ${where} and t.id > $5::uuid order by t.id limit $6`,
    [tx.organizationId, ...bind, after, batch],
  );
  return rows.map(({ id }) => id);
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
