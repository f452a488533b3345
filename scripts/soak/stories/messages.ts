/**
 * Messages to one ticket, past the API: `npm test` sends some, the soak many. Each
 * is a comment that the outbox vouches for, so no message can be lost or taken twice unseen.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { Engine } from '../../../engine/client';
import type { Lives } from '../../../engine/lives';
import type { Database } from '../../../models/database';
import type { Life } from '../../../workflows/life/wire';

export interface Place {
  readonly database: Database;
  readonly engine: Engine;
  readonly lives: Lives;
  readonly organizationId: string;
}

/** What the engine's history of one run tells. */
export interface Run {
  readonly events: number;
  readonly signals: number;
  /** Tasks that were completed. */
  readonly tasks: number;
  /** Tasks that would have ended the run, had not a message come in that very task. */
  readonly collisions: number;
}

const sendersAtOnce = 2;

/** Sends so many messages; gives their causes. */
export async function sendMessages(place: Place, ticketId: string, count: number) {
  const causes = Array.from({ length: count }, () => randomUUID());
  await owe(place, ticketId, causes);
  const handle = await handleOf(place, ticketId);
  const queue = [...causes];
  const send = async () => {
    for (let cause = queue.shift(); cause !== undefined; cause = queue.shift()) {
      await handle.signal('fact', { cause, ticketId, name: 'commented' });
    }
  };
  await Promise.all(Array.from({ length: sendersAtOnce }, send));
  return causes;
}

/** Facts that the outbox vouches for; its sweeper leaves them alone. */
async function owe({ database, organizationId }: Place, ticketId: string, causes: string[]) {
  await database.inOrganization(organizationId, (tx) =>
    tx.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name, payload, next_at)
       select $1, $2, unnest($3::text[]), 'signal', 'fact', $4::jsonb, now() + interval '1 hour'`,
      [organizationId, ticketId, causes, JSON.stringify(message)],
    ),
  );
}

const message = { name: 'commented', input: { body: 'From afar.', isPublic: false } };

async function handleOf(place: Place, ticketId: string) {
  const { life, slug } = await livingOf(place, ticketId);
  return place.engine.client.workflow.getHandle(`${slug}/${life.type}/${life.number}`);
}

async function livingOf({ lives, organizationId }: Place, ticketId: string) {
  const living = await lives.find(organizationId, ticketId);
  if (!living) throw new Error(`There is no ticket ${ticketId}`);
  return { slug: living.slug, life: living.ticket, view: living.view };
}

/** Ends the life of a ticket and starts one that continues as new after so few events. */
export async function shortenRuns(place: Place, ticketId: string, limits: Life['limits']) {
  const { life: ticket, view } = await livingOf(place, ticketId);
  const { type, organizationId, life } = ticket;
  const handle = await handleOf(place, ticketId);
  await handle.terminate('To be started with short runs');
  const argument: Life = { organizationId, ticketId, type, life, view, ...(limits && { limits }) };
  await place.engine.client.workflow.start(type, {
    workflowId: handle.workflowId,
    taskQueue: place.engine.taskQueue,
    args: [argument],
    workflowTaskTimeout: '5s',
    memo: { ticketId },
  });
}

/** All runs of a life, the newest first. Runs that have ended stay in `known` and are not read again. */
export async function runsOf(
  place: Place,
  ticketId: string,
  known: Map<string, Run> = new Map<string, Run>(),
): Promise<Run[]> {
  const { workflowId } = await handleOf(place, ticketId);
  const { workflow } = place.engine.client;
  const { runId: present } = await workflow.getHandle(workflowId).describe();
  const { run: newest, before } = await read(place, workflowId, present);
  let runId = before;
  while (runId !== '' && !known.has(runId)) {
    const one = await read(place, workflowId, runId);
    known.set(runId, one.run);
    runId = one.before;
  }
  return [newest, ...known.values()];
}

/** One run, and the id of the run before it: empty when there is none. */
async function read(place: Place, workflowId: string, runId: string) {
  const handle = place.engine.client.workflow.getHandle(workflowId, runId);
  const events = (await handle.fetchHistory()).events ?? [];
  const begun = events[0]?.workflowExecutionStartedEventAttributes;
  const run: Run = {
    events: events.length,
    signals: events.filter((one) => one.workflowExecutionSignaledEventAttributes).length,
    tasks: events.filter((one) => one.workflowTaskCompletedEventAttributes).length,
    collisions: events.filter((one) => one.workflowTaskFailedEventAttributes?.cause === unhandled)
      .length,
  };
  return { run, before: begun?.continuedExecutionRunId ?? '' };
}

const unhandled =
  temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

/** Seen: one in about forty messages meets the end of a run. */
const mostMessages = 1_000;
const batch = 2;
/** A life that falls behind takes all that waits in one run: then few runs end, and few are met. */
const mostWaiting = 20;
const betweenMs = 60;

/**
 * Sends messages without a break, but no faster than they are taken, to a life that ends its run all the
 * time, until so many came in the very task that would have ended one. Gives the causes of all
 * messages and the number of runs; throws when a thousand for each of them are not enough.
 */
export async function messagesAtRenewal(place: Place, ticketId: string, collisions: number) {
  await shortenRuns(place, ticketId, { quiet: 6, forced: 8 });
  const known = new Map<string, Run>();
  const sent: string[] = [];
  let met = 0;
  const send = async () => {
    const before = await versionOf(place, ticketId);
    while (met < collisions && sent.length < collisions * mostMessages) {
      sent.push(...(await sendMessages(place, ticketId, batch)));
      await pause(betweenMs);
      const waiting = async () => before + sent.length - (await versionOf(place, ticketId));
      if (sent.length % mostWaiting === 0) while ((await waiting()) > mostWaiting) await pause(20);
    }
  };
  const count = async () => {
    const runs = await runsOf(place, ticketId, known);
    met = runs.reduce((sum, run) => sum + run.collisions, 0);
    return runs.length;
  };
  const sending = send().then(() => 'over' as const);
  while ((await Promise.race([sending, pause(200)])) !== 'over') await count();
  const runs = await count();
  if (met >= collisions) return { causes: sent, runs, collisions: met };
  throw new Error(`${met} of ${sent.length} messages met the end of a run, not ${collisions}`);
}

/** Lines of its feed: each message that was taken is one. */
export async function versionOf(place: Place, ticketId: string): Promise<number> {
  return (await livingOf(place, ticketId)).life.version;
}
