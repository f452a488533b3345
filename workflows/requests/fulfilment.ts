/** A plan on its way: tasks begin, end, wait for a person, and when all are done it is delivered. */
import { compiled } from '../../models/filter/compiled';
import { beginOfDay, dayOf, endOfDay } from '../../models/fulfilment/days';
import { filled, type Reach } from '../../models/fulfilment/filled';
import {
  changed,
  freshTasks,
  isComplete,
  nextPlace,
  progressOf,
  resultsOf,
  turnOf,
  type Look,
  type TaskProgress,
} from '../../models/fulfilment/progress';
import type { AutomaticTask, ManualTask, PlannedTask } from '../../models/fulfilment/shape';
import type { Instant } from '../../models/instant';
import { subjectOfTask, taskFields } from '../../models/service-catalog/conditions';
import { closesAfter } from '../../models/tickets/auto-close';
import type { Fact } from '../../models/tickets/fact';
import { holderOf } from '../../models/tickets/holder';
import { birthIdOf } from '../../models/tickets/identity';
import type { Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Json, Patience, Ticket } from '../../models/tickets/ticket';
import type { RequestDetails } from './details';
import { itemOf } from './needs';

type Request = Ticket<RequestDetails>;
type Said = Next<RequestDetails>;
export type When = Pick<Fact, 'cause' | 'occurredAt'>;

/** Nothing stands in its way any more: days are counted from here, and the first tasks begin. */
export function beginFulfilment(so: Said, when: When, context: Context): Said {
  const { fulfilment } = itemOf(context).definition;
  const { answers, startDay } = so.ticket.details;
  const answered = fulfilment.startDay === null ? null : answers[fulfilment.startDay];
  const today = dayOf(when.occurredAt, context.settings.timezone);
  const day = typeof answered === 'string' ? answered.slice(0, 10) : (startDay ?? today);
  const begun = so
    .state('inFulfilment')
    .details({ startDay: day, tasks: freshTasks(fulfilment) })
    .event('fulfilmentStarted', { startDay: day });
  return goOn(begun, when, context);
}

/** Begins what may begin; it is delivered when nothing is left. Nothing begins while it is held. */
export function goOn(so: Said, when: When, context: Context): Said {
  if (so.ticket.state !== 'inFulfilment') return so;
  const { fulfilment } = itemOf(context).definition;
  const before = so.ticket.details.tasks;
  const turn = turnOf(fulfilment, before, lookOf(so.ticket, when.occurredAt, context));
  const skipped = turn.tasks.filter(
    ({ key, state }) => state === 'skipped' && progressOf(before, key).state !== 'skipped',
  );
  const told = skipped.reduce(
    (one, { key, title }) => one.event('taskSkipped', { task: key, title, reason: 'condition' }),
    so.details({ tasks: [...turn.tasks] }),
  );
  const begun = turn.begin.reduce((one, task) => beginTask(one, task, when, context), told);
  const waiting = turn.wait.reduce(
    (one, { task, until }) =>
      one.plan({ key: `opens.${task.key}`, at: until, what: `The day of “${task.title}” comes.` }),
    begun,
  );
  // What was not as ordered is delivered by whoever has it, not by a plan that is done already.
  const isDelivered =
    fulfilment.tasks.length > 0 &&
    isComplete(waiting.ticket.details.tasks) &&
    waiting.ticket.details.reopenCount === 0;
  return isDelivered ? delivered(waiting, when.occurredAt, context) : waiting;
}

function lookOf(ticket: Request, at: Instant, context: Context): Look {
  const { definition } = itemOf(context);
  const { answers, tasks } = ticket.details;
  const subject = subjectOfTask(definition, { answers, results: resultsOf(tasks) });
  return {
    at,
    holds: (when) => compiled(taskFields(definition), when)(subject),
    opensAt: (days) => beginOfDay(startDayOf(ticket), days, context.settings.timezone),
  };
}

function startDayOf({ details }: Request): string {
  if (details.startDay === null) throw new Error('A request in fulfilment has a start day');
  return details.startDay;
}

/** Begins one, also again after it failed. */
export function beginTask(so: Said, task: PlannedTask, when: When, context: Context): Said {
  const begun = { state: 'running', startedAt: when.occurredAt, endedAt: null } as const;
  if (task.kind === 'automatic') {
    const { activity, input } = task;
    const order = { key: `task.${task.key}`, activity, input };
    return owed(patch(so, task.key, begun), order, { task, when });
  }
  const { timezone } = context.settings;
  const dueAt =
    task.dueDays === null ? null : endOfDay(startDayOf(so.ticket), task.dueDays, timezone);
  const { title, description, outcomes } = task;
  const ticket = { title, description, outcomes, dueAt, isUndo: false };
  return patch(giveToHands(so, task, ticket, when), task.key, { ...begun, dueAt });
}

type Work = Pick<AutomaticTask, 'activity' | 'input'> & { readonly key: string };

/** Owes an activity, with what its input stands for. */
export function owed(
  so: Said,
  { key, activity, input }: Work,
  { task, when }: { readonly task: AutomaticTask; readonly when: When },
): Said {
  const work = {
    key,
    activity,
    input: filled(input, reachOf(so.ticket)),
    patience: patienceOf(task),
  };
  return so.work(work, when.occurredAt);
}

function patienceOf({ attempts }: AutomaticTask): Patience {
  return { attempts, firstDelaySeconds: 2, longestDelaySeconds: 600, attemptSeconds: 60 };
}

/** What placeholders in inputs stand for. */
function reachOf({ number, requesterId, details }: Request): Reach {
  const { answers, quantity, startDay, tasks } = details;
  const request: Json = { number, requesterId, quantity, startDay };
  return { answers, results: resultsOf(tasks), request };
}

type ByHand = Pick<ManualTask, 'title' | 'description' | 'outcomes'> & {
  readonly dueAt: Instant | null;
  readonly isUndo: boolean;
};

/** A task ticket for whoever does it by hand, which the task names from now on. */
export function giveToHands(
  so: Said,
  { key, teamId }: ManualTask,
  { description, ...byHand }: ByHand,
  { cause }: When,
): Said {
  const { ticket } = so;
  const about = `${ticket.number}: ${ticket.title}`;
  const ticketId = birthIdOf(ticket.id, cause, so.owed.births.length);
  return patch(so, key, { ticketId }).open({
    type: 'task',
    link: 'taskOf',
    input: {
      ...{ ...byHand, key, teamId },
      description: description === '' ? about : `${description}\n\n${about}`,
      requesterId: ticket.requesterId,
      serviceId: ticket.serviceId,
      channel: ticket.channel,
      subjectId: ticket.id,
    },
  });
}

/** One that is not to be done any more; whoever is at it by hand is told. */
export function skipped(so: Said, task: TaskProgress, reason: string, at: Instant): Said {
  const { key, kind, state, ticketId } = task;
  const left = patch(so, key, { state: 'skipped', endedAt: at }).unplan(`opens.${key}`);
  if (kind === 'automatic' || state !== 'running' || ticketId === null) return left;
  return left.send({ ticketId, name: 'withdrawn', input: { reason } });
}

export function patch(so: Said, key: string, change: Partial<TaskProgress>): Said {
  return so.details({ tasks: changed(so.ticket.details.tasks, key, change) });
}

/** One is done: by hand with the word of whoever did it, by an activity with what it answered. */
export function taskDone(so: Said, key: string, result: Json, at: Instant): Said {
  const { tasks } = so.ticket.details;
  const { title } = progressOf(tasks, key);
  const done = { state: 'done', endedAt: at, result, place: nextPlace(tasks) } as const;
  return patch(so, key, done).event('taskDone', { task: key, title });
}

/** A person is to decide about it. */
export function stuckAt(so: Said, key: string, isUndo: boolean, at: Instant): Said {
  const { stuck } = so.ticket.details;
  return so
    .details({ stuck: [...stuck, { task: key, isUndo, since: at }] })
    .notify(holderOf(so.ticket), 'taskFailed', { task: key })
    .notify('teamLead', 'taskFailed', { task: key });
}

export function delivered(so: Said, at: Instant, { settings }: Pick<Context, 'settings'>): Said {
  const done = so.state('fulfilled').set({ resolvedAt: at }).event('fulfilled');
  const closing = { at, title: 'request' };
  return closesAfter(done, settings.autoCloseDays, closing).notify('requester', 'fulfilled');
}
