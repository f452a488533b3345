/** Pieces of work of a change. */
import { invalid, Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import { next, type Next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
import type { ChangeDetails, Task } from './details';

/** One that is still open. Throws invalid_input and conflict. */
export function taskOf({ details }: Ticket<ChangeDetails>, taskId: string): Task {
  const task = details.tasks.find(({ id }) => id === taskId);
  if (!task) throw invalid('/taskId', 'is not a task of this change', 'not_found');
  if (task.state !== 'open') throw new Refusal('conflict', `The task is ${task.state} already.`);
  return task;
}

interface End {
  readonly state: 'done' | 'dropped';
  readonly note: string | null;
  readonly byId: string | null;
}

export function endTask(
  ticket: Ticket<ChangeDetails>,
  { id, title }: Task,
  { state, note, byId }: End,
  at: Instant,
): Next<ChangeDetails> {
  const ended = { state, note, endedAt: at, endedById: byId };
  const tasks = ticket.details.tasks.map((task) => (task.id === id ? { ...task, ...ended } : task));
  return next(ticket)
    .details({ tasks })
    .event(state === 'done' ? 'taskCompleted' : 'taskDropped', { taskId: id, title, note });
}
