/** What people, activities and task tickets say of the tasks of a request. */
import { Refusal, invalid } from '../../models/errors';
import { progressOf, type TaskProgress } from '../../models/fulfilment/progress';
import type { Fact } from '../../models/tickets/fact';
import { next, type Next } from '../../models/tickets/next';
import type { Context, WorkResult } from '../../models/tickets/rules';
import type { Json, Ticket } from '../../models/tickets/ticket';
import type { TaskEnded } from '../tasks/inputs';
import type { RequestDetails } from './details';
import { beginTask, goOn, patch, skipped, stuckAt, taskDone } from './fulfilment';
import { itemOf } from './needs';
import { plannedIn, undo, undone, undoNext, undoTask } from './undoing';

type Request = Ticket<RequestDetails>;
type Said = Next<RequestDetails>;

/** What became of a task, or of its undoing. */
interface Ended {
  readonly key: string;
  readonly isUndo: boolean;
  readonly isDone: boolean;
  readonly result: Json;
  /** Why it failed: for whoever works on it. */
  readonly error: string | null;
}

function ended(
  so: Said,
  end: Ended,
  fact: Pick<Fact, 'cause' | 'occurredAt'>,
  context: Context,
): Said {
  const { key, isUndo, isDone, result, error } = end;
  const { title } = progressOf(so.ticket.details.tasks, key);
  const at = fact.occurredAt;
  if (isUndo) {
    if (isDone) return undone(so, key, fact, context);
    const failed = patch(so, key, { state: 'notUndone', endedAt: at });
    return stuckAt(
      failed.event('taskNotUndone', { task: key, title, error }, 'internal'),
      key,
      true,
      at,
    );
  }
  if (isDone) return further(taskDone(so, key, result, at), fact, context);
  const failed = patch(so, key, { state: 'failed', endedAt: at })
    .event('taskFailed', { task: key, title })
    .event('taskError', { task: key, error }, 'internal');
  if (so.ticket.details.undoing) return further(failed, fact, context);
  if (itemOf(context).definition.fulfilment.onFailure === 'ask')
    return stuckAt(failed, key, false, at);
  return undo(failed, { reason: `“${title}” failed.`, byId: null }, fact, context);
}

function further(so: Said, fact: Pick<Fact, 'cause' | 'occurredAt'>, context: Context): Said {
  return so.ticket.details.undoing ? undoNext(so, fact, context) : goOn(so, fact, context);
}

/** Somebody has done a task, or cannot. What it says of one that was stopped meanwhile counts no more. */
export function taskEnded(ticket: Request, fact: Fact<TaskEnded>, context: Context): Said {
  const { taskId, isUndo, isDone, outcome, note } = fact.input;
  const task = ticket.details.tasks.find((one) => one.ticketId === taskId);
  if (task?.state !== (isUndo ? 'undoing' : 'running'))
    return next(ticket).event('taskEnded', { ...fact.input, counts: false }, 'internal');
  const end = { key: task.key, isUndo, isDone, result: outcome, error: note };
  return ended(next(ticket), end, fact, context);
}

export function workDone(ticket: Request, fact: Fact<WorkResult>, context: Context): Said {
  return worked(ticket, fact, context, { isDone: true, result: fact.input.result ?? null });
}

export function workFailed(ticket: Request, fact: Fact<WorkResult>, context: Context): Said {
  return worked(ticket, fact, context, { isDone: false, result: null });
}

function worked(
  ticket: Request,
  fact: Fact<WorkResult>,
  context: Context,
  what: Pick<Ended, 'isDone' | 'result'>,
): Said {
  const [kind, key = ''] = fact.input.key.split('.');
  const isUndo = kind === 'undo';
  return ended(
    next(ticket),
    { ...what, key, isUndo, error: fact.input.error ?? null },
    fact,
    context,
  );
}

export function retryTask(ticket: Request, fact: Fact<{ task: string }>, context: Context): Said {
  const task = knownTask(ticket, fact.input.task);
  const stuck = ticket.details.stuck.find((one) => one.task === task.key);
  if (!stuck) throw new Refusal('conflict', `“${task.title}” has not failed.`);
  const planned = plannedIn(context, task.key);
  const so = unstuck(next(ticket), task.key);
  return stuck.isUndo ? undoTask(so, planned, fact) : beginTask(so, planned, fact, context);
}

/** Goes on without it: what failed, what has not begun, or what somebody does by hand. */
export function skipTask(
  ticket: Request,
  fact: Fact<{ task: string; reason: string }>,
  context: Context,
): Said {
  const task = knownTask(ticket, fact.input.task);
  const stuck = ticket.details.stuck.find((one) => one.task === task.key);
  const so = unstuck(next(ticket), task.key).event('taskSkipped', {
    ...fact.input,
    title: task.title,
  });
  if (stuck?.isUndo === true) return undoNext(so, fact, context);
  refuseUnskippable(ticket, task);
  const { reason } = fact.input;
  return goOn(skipped(so, task, reason, fact.occurredAt), fact, context);
}

function refuseUnskippable({ details }: Request, { state, kind, title }: TaskProgress): void {
  if (details.undoing) throw new Refusal('conflict', 'It is being undone.');
  const isOpen = state === 'waiting' || state === 'failed';
  if (isOpen || (state === 'running' && kind === 'manual')) return;
  throw new Refusal('conflict', `“${title}” is ${state}.`);
}

function knownTask({ details }: Request, key: string): TaskProgress {
  const task = details.tasks.find((one) => one.key === key);
  if (!task) throw invalid('/task', 'is not a task of this request', 'not_found');
  return task;
}

function unstuck(so: Said, key: string): Said {
  return so.details({ stuck: so.ticket.details.stuck.filter(({ task }) => task !== key) });
}
