/** Every life is as its row says: it runs as long as the ticket is unsettled, and knows what is due. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { checkLives as walk } from '../../../engine/check';
import { fewAtATime } from '../../../engine/crowd';
import { inspectTickets } from '../../../models/tickets/kernel/inspection';
import type { Installation } from '../../ops/installation';
import { causeOf, messageOf } from '../../stack/failure';
import type { Finding, TicketRow } from './evidence';

/** What `ops check` finds: lives that do not run or are stuck, feeds with gaps, failed facts, late tickets. */
export async function walkLives(
  installation: Pick<Installation, 'database' | 'engine'>,
  graceSeconds: number,
): Promise<Finding[]> {
  const { database } = installation;
  const { findings } = await walk(installation);
  const { overdue, gaps, failed } = await inspectTickets(database, graceSeconds);
  const proof = 'operations find nothing (ops check)';
  return [
    ...findings,
    ...[...overdue, ...gaps, ...failed].map((one) => ({ problem: 'inspection', ...one })),
  ].map(({ problem, ticket, detail }) => ({ proof, ticket, detail: `${problem}: ${detail}` }));
}

type Client = Installation['engine']['client'];

const visibilityMs = 3_000;

/**
 * Lists lives; what it gives holds the list against rows that were read after it: lives that run although
 * their ticket is settled, and lives that somebody ended.
 */
export async function findStrays(
  client: Client,
): Promise<(tickets: readonly TicketRow[]) => Promise<Finding[]>> {
  // Lists of lives follow with a delay.
  await pause(visibilityMs);
  const running = await idsOf(client, 'ExecutionStatus = "Running"');
  const ended = 'ExecutionStatus IN ("Failed", "Terminated", "TimedOut", "Canceled")';
  const broken = await idsOf(client, ended);
  const proof = 'a life runs while its ticket is unsettled';
  return async (tickets) => {
    const unsettled = new Set(
      tickets.filter(({ isSettled }) => !isSettled).map(({ name }) => name),
    );
    const findings = broken.map((ticket) => ({ proof, ticket, detail: 'somebody ended its life' }));
    for (const ticket of running.filter((id) => !unsettled.has(id))) {
      const { status } = await client.workflow.getHandle(ticket).describe();
      if (status.name !== 'RUNNING') continue;
      findings.push({ proof, ticket, detail: 'its life runs, but it is settled or unknown' });
    }
    return findings;
  };
}

async function idsOf(client: Client, query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

const Shown = z.looseObject({ currentDetails: z.string().default('') });
const asksAtOnce = 6;

/**
 * Asks each running life what it shows, which is what it was told of its row; what it gives holds that
 * against rows that were read after it.
 */
export async function askLives(
  client: Client,
  before: readonly TicketRow[],
): Promise<(after: readonly TicketRow[]) => Finding[]> {
  const answers = new Map<string, Answer>();
  const unsettled = before.filter(({ isSettled }) => !isSettled);
  await fewAtATime(unsettled, asksAtOnce, async (ticket) => {
    answers.set(ticket.name, await ask(client, ticket));
  });
  return (after) =>
    after.flatMap((ticket) => {
      const answer = answers.get(ticket.name);
      const detail = answer === undefined ? undefined : wrongWith(ticket, answer);
      if (detail === undefined) return [];
      return [{ proof: 'every life equals its row', ticket: ticket.name, detail }];
    });
}

type Answer = { readonly shown: string } | { readonly silence: string };

function wrongWith(ticket: TicketRow, answer: Answer): string | undefined {
  if ('shown' in answer) return unlike(ticket, answer.shown);
  return `its life does not answer: ${answer.silence}`;
}

const mostAsks = 5;
const betweenAsksMs = 2_000;

/** A worker that was killed may be waited for by the first question: only lasting silence counts. */
async function ask(client: Client, ticket: TicketRow): Promise<Answer> {
  const handle = client.workflow.getHandle(ticket.name);
  let silence = '';
  for (let time = 0; time < mostAsks; time += 1) {
    if (time > 0) await pause(betweenAsksMs);
    try {
      const answer: unknown = await handle.query('__temporal_workflow_metadata');
      return { shown: Shown.parse(answer).currentDetails };
    } catch (error) {
      silence = `${messageOf(error)} (${messageOf(causeOf(error))})`;
    }
  }
  return { silence };
}

/**
 * A life need not hear of what moves nothing forward (a comment); but it must know no version that the
 * row has not, and it must wake up no later than the row needs it. Pure.
 */
export function unlike(
  { version, agenda }: Pick<TicketRow, 'version' | 'agenda'>,
  shown: string,
): string | undefined {
  const known = Number(/version (\d+)/.exec(shown)?.[1] ?? Number.NaN);
  if (!(known <= version)) return `it knows version ${known}, the row has ${version}`;
  const due = Math.min(...agenda.map(({ at }) => at));
  const wakes = Date.parse(/^\| (\d{4}-\S+) \|/m.exec(shown)?.[1] ?? '');
  if (agenda.length === 0 || wakes <= due) return undefined;
  return `the row is due at ${new Date(due).toISOString()}, it wakes ${Number.isNaN(wakes) ? 'never' : `at ${new Date(wakes).toISOString()}`}`;
}
