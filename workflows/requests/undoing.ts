/** Taking back what was done, the last first, one at a time; then the request is cancelled. */
import { nextToUndo, plannedOf, progressOf } from '../../models/fulfilment/progress';
import type { PlannedTask } from '../../models/fulfilment/shape';
import type { Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { RequestDetails } from './details';
import { giveToHands, owed, patch, skipped, type When } from './fulfilment';
import { itemOf } from './needs';

type Said = Next<RequestDetails>;
type Reason = Pick<NonNullable<RequestDetails['undoing']>, 'reason' | 'byId'>;

/** Nothing new begins, who is at work by hand is stopped, and what was done is undone. */
export function undo(so: Said, reason: Reason, when: When, context: Context): Said {
  const left = so.ticket.details.tasks.filter(
    ({ state, kind }) => state === 'waiting' || (state === 'running' && kind === 'manual'),
  );
  const stopped = left.reduce(
    (one, task) => skipped(one, task, 'The request is cancelled.', when.occurredAt),
    so.unplan('holdUntil'),
  );
  const undoing = { ...reason, since: when.occurredAt };
  return undoNext(
    stopped.state('inFulfilment').details({ undoing, hold: null, stuck: [] }),
    when,
    context,
  );
}

/** Undoes the last that was done, once nothing runs any more; when nothing is left, the request is cancelled. */
export function undoNext(so: Said, when: When, context: Context): Said {
  const { undoing, stuck, tasks } = so.ticket.details;
  // What could not be undone is decided about by a person before anything else is taken back.
  if (undoing === null || stuck.length > 0) return so;
  const task = nextToUndo(itemOf(context).definition.fulfilment, tasks);
  if (task === 'wait') return so;
  if (task) return undoTask(so, task, when);
  const { reason } = undoing;
  return so
    .state('cancelled')
    .set({ closedAt: when.occurredAt })
    .details({ reason })
    .event('cancelled', { reason })
    .notify('requester', 'cancelled')
    .notify('assignee', 'cancelled');
}

/** Begins to undo one, also again after that failed. */
export function undoTask(so: Said, task: PlannedTask, when: When): Said {
  const said = so.event('taskUndoing', { task: task.key, title: task.title });
  if (task.undo === null) throw new Error(`${task.key} has nothing that undoes it`);
  if (task.kind === 'automatic') {
    const order = { key: `undo.${task.key}`, ...task.undo };
    return owed(patch(said, task.key, { state: 'undoing' }), order, { task, when });
  }
  const byHand = { ...task.undo, outcomes: ['done'], dueAt: null, isUndo: true };
  return patch(giveToHands(said, task, byHand, when), task.key, { state: 'undoing' });
}

export function undone(so: Said, key: string, when: When, context: Context): Said {
  const { title } = progressOf(so.ticket.details.tasks, key);
  const done = patch(so, key, { state: 'undone', endedAt: when.occurredAt });
  return undoNext(done.event('taskUndone', { task: key, title }), when, context);
}

/** The task of the plan, for whoever tries it again. */
export function plannedIn(context: Context, key: string): PlannedTask {
  return plannedOf(itemOf(context).definition.fulfilment, key);
}
