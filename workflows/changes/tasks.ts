/** Pieces of work of a change. */
import type { z } from 'zod';
import { invalid, Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import { agent } from '../../models/tickets/checks';
import type { Fact } from '../../models/tickets/fact';
import { idFrom } from '../../models/tickets/identity';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { ask } from './approval';
import { refuseApprover } from './checks';
import type { ChangeDetails, Task } from './details';
import type { changeInputs } from './inputs';
import { peopleOf } from './needs';

/** As many as a round of approval can leave out, with whoever has the change. */
const mostPeople = 49;

/**
 * Whoever is given a task carries the change out, too: they do not approve it, so that people who vote are
 * asked anew. Throws conflict and invalid_input.
 */
export function addTask(
  ticket: Ticket<ChangeDetails>,
  fact: Fact<z.infer<typeof changeInputs.commands.addTask>>,
  context: Context,
): Next<ChangeDetails> {
  const { input, cause } = fact;
  const assigneeId = agent(input.assigneeId, context);
  refuseApprover(ticket, assigneeId);
  const task: Task = {
    ...{ id: idFrom(ticket.id, cause, 'task'), title: input.title, order: input.order, assigneeId },
    ...{ state: 'open', note: null, endedAt: null, endedById: null },
  };
  const tasks = [...ticket.details.tasks, task].sort((a, b) => a.order - b.order);
  const so = next(ticket)
    .details({ tasks })
    .event('taskAdded', { taskId: task.id, title: task.title, order: task.order })
    .when(assigneeId !== null, (one) =>
      one.notify({ userId: assigneeId ?? '' }, 'assigned', { taskId: task.id }),
    );
  const [before, after] = [peopleOf(ticket).length, peopleOf(so.ticket).length];
  if (after > mostPeople)
    throw new Refusal('conflict', `No more than ${mostPeople} people carry out one change.`);
  const isAsked = ticket.state === 'awaitingApproval' && after > before;
  return isAsked ? ask(so, fact, context) : so;
}

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
