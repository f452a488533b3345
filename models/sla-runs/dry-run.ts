/**
 * One batch of a dry run: what really stands in the clocks of tickets, against what the same feeds make of
 * them by other policies. Reads what it compares, and writes nothing but what came out otherwise.
 */
import { setImmediate as others } from 'node:timers/promises';
import type { Database, Tx } from '../database';
import { toInstant, type Instant } from '../instant';
import type { Agreement, PolicyVersion } from '../sla/agreement';
import { flipsBetween, type Flip } from '../sla/verdict';
import { underPresent } from '../tickets/definition';
import {
  calendarVersion,
  loadAgreed,
  policyVersion,
  withCalendars,
} from '../tickets/kernel/agreed';
import type { Process } from '../tickets/rules';
import type { Ground } from '../tickets/subject';
import type { Ticket } from '../tickets/ticket';
import { recounted, timelineOf, type Timeline } from '../tickets/timeline';
import type { Watched } from '../tickets/changes';
import { countPast, groundFor, readPast } from './past';
import { advanceRun, beginRun, endRun, findRun, type SlaRun } from './rows';

export interface DryRunDeps {
  readonly database: Pick<Database, 'inOrganization'>;
  readonly processOf: (type: string) => Process;
}

const batch = 100;
/** Lives that have a turn meanwhile do not wait for the others of the batch. */
const atATime = 5;

/** Looks at the next tickets, and ends the run when there are none. */
export async function tryOn(
  { database, processOf }: DryRunDeps,
  { organizationId, runId }: { readonly organizationId: string; readonly runId: string },
): Promise<void> {
  const inOrganization = <T>(work: (tx: Tx) => Promise<T>) =>
    database.inOrganization(organizationId, work);
  const read = await inOrganization(async (tx) => {
    const run = await findRun(tx, runId);
    if (!run || run.isOver) return undefined;
    if (run.state === 'waiting') await beginRun(tx, runId, await countPast(tx, run));
    return { run, sample: await readSample(tx, run, processOf(run.ticketType ?? '')) };
  });
  if (!read) return;
  const { run, sample } = read;
  const found = await flipsOf(sample);
  await inOrganization(async (tx) => {
    if (sample.cursor === undefined) return endRun(tx, runId, 'done');
    const count = (way: Flip['direction']) =>
      found.filter(({ direction }) => direction === way).length;
    const { cursor } = sample;
    const counts = {
      done: sample.subjects.length,
      toMissed: count('toMissed'),
      toMet: count('toMet'),
    };
    if (await advanceRun(tx, run, { cursor, ...counts })) await writeFlips(tx, runId, found);
  });
}

interface Subject {
  readonly ticket: Ticket;
  readonly timeline: Timeline;
}

interface Sample extends Pick<Awaited<ReturnType<typeof readPast>>, 'cursor'> {
  readonly process: Process;
  readonly subjects: readonly Subject[];
  readonly agreement: Agreement;
  readonly groundOf: (watched: Watched) => Ground;
  readonly now: Instant;
}

async function readSample(tx: Tx, run: SlaRun, process: Process): Promise<Sample> {
  const { tickets, cursor } = await readPast(tx, run, batch);
  const subjects = tickets.map(({ ticket, lines }) => ({
    ticket,
    timeline: timelineOf(process, underPresent(process, ticket), lines),
  }));
  const moments = subjects.flatMap(({ timeline }) => timeline.moments);
  const watched = moments.map((moment) => moment.watched);
  return {
    ...{ process, subjects, cursor },
    agreement: await agreementFor(tx, run, tickets),
    groundOf: await groundFor(tx, watched),
    now: await tx.now(),
  };
}

/** The candidate in place of all versions of its policy, among the others as they were published. */
async function agreementFor(
  tx: Tx,
  run: SlaRun,
  tickets: readonly { readonly ticket: Ticket }[],
): Promise<Agreement> {
  const agreed = await loadAgreed(tx, run.ticketType ?? '');
  const others = agreed.policies.filter(({ id }) => id !== run.policyId);
  const policies = await Promise.all(others.map((one) => policyVersion(tx, one)));
  const clocks = tickets.flatMap(({ ticket }) => ticket.clocks);
  const counted = clocks.map(({ terms: { calendar } }) => calendar);
  const unique = new Map(counted.map((one) => [`${one.id}/${one.version}`, one]));
  const calendars = await Promise.all(
    [...unique.values()].map(({ id, version }) => calendarVersion(tx, id, version)),
  );
  const agreement = { policies: [...policies, await candidateOf(tx, run)], calendars };
  return withCalendars(tx, agreed, agreement, Object.keys(agreed.calendars));
}

/** As if it had always been in force. Its version is that which it would get. */
async function candidateOf(tx: Tx, run: SlaRun): Promise<PolicyVersion> {
  const [head] = await tx.rows<Pick<PolicyVersion, 'id' | 'name' | 'position' | 'version'>>(
    `select h.id, h.name, h.position,
            1 + coalesce((select max(v.version) from sla_policies v
                           where v.organization_id = h.organization_id and v.id = h.id), 0) as version
       from sla_policy_heads h where h.organization_id = $1 and h.id = $2`,
    [tx.organizationId, run.policyId],
  );
  if (!head || !run.definition) throw new Error('The policy of this dry run was deleted.');
  const publishedAt = toInstant(0);
  return { ...head, publishedAt, appliesToOpen: true, definition: run.definition };
}

type Found = Flip & { readonly ticketId: string; readonly resolvedAt: Instant | null };

async function flipsOf(sample: Sample): Promise<Found[]> {
  const found: Found[] = [];
  for (const [k, subject] of sample.subjects.entries()) {
    if (k % atATime === 0) await others();
    const { id: ticketId, resolvedAt, clocks } = subject.ticket;
    const after = recounted(sample.process, subject.timeline, sample);
    const flips = flipsBetween(clocks, after, sample);
    found.push(...flips.map((flip) => ({ ...flip, ticketId, resolvedAt })));
  }
  return found;
}

async function writeFlips(tx: Tx, runId: string, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return;
  await tx.rows(
    `insert into sla_flips (organization_id, run_id, ticket_id, clock, resolved_at, direction, before, after)
     select $1, $2, f."ticketId", f.clock, f."resolvedAt", f.direction, f.before, f.after
       from jsonb_to_recordset($3::jsonb) as f ("ticketId" uuid, clock text, "resolvedAt" timestamptz,
                                                direction text, before jsonb, after jsonb)`,
    [tx.organizationId, runId, JSON.stringify(found)],
  );
}
