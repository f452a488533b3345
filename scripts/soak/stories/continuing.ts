/** Signals that arrive in the very task in which a life continues as new. */
import { setTimeout as pause } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { Life } from '../../../workflows/life/wire';
import type { Say } from '../../stack/progress';
import type { Signal } from '../check/evidence';
import type { Stage } from '../stage';
import { openStoryTicket, sendNamed, type StoryTicket } from './ticket';

const lives = 6;
const signalsARound = 40;
const mostRounds = 300;
const betweenMs = 50;
/** So few events that a run lasts for a fact or two. */
const limits = { quiet: 8, forced: 14 };

interface Told {
  readonly lines: readonly string[];
  readonly signals: readonly Signal[];
}

/** Goes on until so many runs were continued in a task that had brought a signal. */
export async function continuing(stage: Stage, times: number, say: Say): Promise<Told> {
  const signals: Signal[] = [];
  const followed = await Promise.all(Array.from({ length: lives }, () => begin(stage)));
  const counts = { runs: 0, inTheTask: 0, refusedByTheServer: 0 };
  for (let round = 0; counts.inTheTask < times && round < mostRounds; round += 1) {
    await Promise.all(followed.map(({ ticket }) => sendRound(stage, ticket, signals)));
    await Promise.all(followed.map((one) => follow(stage, one, counts)));
    if (round % 5 === 0) say(`${counts.inTheTask} of ${times}, ${signals.length} signals`);
  }
  return {
    lines: [
      `Continued as new: ${counts.runs} runs of ${lives} lives, ${counts.inTheTask} of them in a task that brought a signal, ` +
        `${counts.refusedByTheServer} more tasks refused by the server because a signal had come; ${signals.length} signals.`,
    ],
    signals,
  };
}

interface Followed {
  readonly ticket: StoryTicket;
  /** The run that was not seen to its end yet. */
  runId: string;
}

/** A life with low limits in the place of the usual one. */
async function begin(stage: Stage): Promise<Followed> {
  const { engine, lives: all } = stage.installation;
  const ticket = await openStoryTicket(stage, 'Continues as new');
  const living = await all.find(ticket.organizationId, ticket.id);
  if (living === undefined) throw new Error(`${ticket.workflowId} is gone`);
  await all.terminate(living, 'A story of the soak');
  const { organizationId, type, life } = living.ticket;
  const argument: Life = {
    ...{ organizationId, type, life, limits },
    ticketId: ticket.id,
    view: living.view,
  };
  const handle = await engine.client.workflow.start(type, {
    workflowId: ticket.workflowId,
    taskQueue: engine.taskQueue,
    args: [argument],
    workflowTaskTimeout: '5s',
    memo: { ticketId: ticket.id, organizationId },
  });
  return { ticket, runId: handle.firstExecutionRunId };
}

/** Two at once and no faster than they are taken, so that one is always on its way. */
async function sendRound(stage: Stage, ticket: StoryTicket, signals: Signal[]): Promise<void> {
  const send = async () => {
    for (let n = 0; n < signalsARound / 2; n += 1) {
      signals.push(await sendNamed(stage, ticket));
      await pause(betweenMs);
    }
  };
  await Promise.all([send(), send()]);
}

const { EventType, WorkflowTaskFailedCause } = temporal.api.enums.v1;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Reads the runs that have ended since the last look. */
async function follow(
  { installation }: Stage,
  followed: Followed,
  counts: { runs: number; inTheTask: number; refusedByTheServer: number },
): Promise<void> {
  const { client } = installation.engine;
  for (;;) {
    const handle = client.workflow.getHandle(followed.ticket.workflowId, followed.runId);
    const { events } = await handle.fetchHistory();
    const run = readRun(events ?? []);
    if (run.next === undefined) return;
    counts.runs += 1;
    if (run.hasSignal) counts.inTheTask += 1;
    counts.refusedByTheServer += run.refusals;
    followed.runId = run.next;
  }
}

/** The next run, if this one has continued as new; whether its last task had brought a signal. Pure. */
export function readRun(events: readonly HistoryEvent[]): {
  readonly next: string | undefined;
  readonly hasSignal: boolean;
  readonly refusals: number;
} {
  const next = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  const types = events.map(({ eventType }) => eventType);
  const last = types.lastIndexOf(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED);
  const before = types.lastIndexOf(EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED, last - 1);
  const brought = types.slice(before + 1, last);
  return {
    next: next ?? undefined,
    hasSignal: brought.includes(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED),
    refusals: events.filter(
      ({ workflowTaskFailedEventAttributes }) =>
        workflowTaskFailedEventAttributes?.cause ===
        WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
    ).length,
  };
}
