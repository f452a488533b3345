/** How far a plan has come: which tasks begin now, whether all is done, and what is undone next. Pure. */
import type { Instant } from '../instant';
import type { Json } from '../tickets/ticket';
import type { Plan, PlannedTask } from './shape';

export const taskStates = [
  /** Others come before it, or its day. */
  'waiting',
  /** Its condition did not hold, or a person went on without it. */
  'skipped',
  'running',
  'done',
  'failed',
  'undoing',
  'undone',
  /** What undoes it failed for good; a person saw to it, or goes on without. */
  'notUndone',
] as const;
export type TaskState = (typeof taskStates)[number];

/** One task of a plan as it stands. */
export interface TaskProgress {
  readonly key: string;
  readonly title: string;
  readonly kind: PlannedTask['kind'];
  readonly state: TaskState;
  /** The ticket of whoever does it by hand, or undoes it. */
  readonly ticketId: string | null;
  /** Word of whoever did it, or what the activity answered. */
  readonly result: Json;
  /** Which one was done first, second ...: undone in the opposite order. */
  readonly place: number | null;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly dueAt: Instant | null;
}

export function freshTasks({ tasks }: Plan): TaskProgress[] {
  return tasks.map(({ key, title, kind }) => ({
    ...{ key, title, kind, state: 'waiting', ticketId: null, result: null, place: null },
    ...{ startedAt: null, endedAt: null, dueAt: null },
  }));
}

/** What the next look at a plan finds. */
export interface Turn {
  /** As they stood, with those skipped whose condition does not hold. */
  readonly tasks: readonly TaskProgress[];
  readonly begin: readonly PlannedTask[];
  /** Those whose turn it would be if it were their day. */
  readonly wait: readonly { readonly task: PlannedTask; readonly until: Instant }[];
}

export interface Look {
  readonly at: Instant;
  /** Whether a task's condition holds by what is known now. */
  readonly holds: (when: string) => boolean;
  /** Where the day begins before which a task does not. */
  readonly opensAt: (days: number) => Instant;
}

/** Which tasks begin now. One that is skipped stands in nobody's way, so those behind it are looked at, too. */
export function turnOf(plan: Plan, tasks: readonly TaskProgress[], look: Look): Turn {
  const ready = plan.tasks.filter(
    ({ key, after }) =>
      progressOf(tasks, key).state === 'waiting' &&
      after.every((one) => isBehind(progressOf(tasks, one))),
  );
  const skipped = ready.filter(({ when }) => when !== null && !look.holds(when));
  if (skipped.length > 0) {
    const keys = new Set(skipped.map(({ key }) => key));
    const left = tasks.map((task): TaskProgress =>
      keys.has(task.key) ? { ...task, state: 'skipped', endedAt: look.at } : task,
    );
    return turnOf(plan, left, look);
  }
  const opening = ready.map((task) => ({
    task,
    until: task.notBeforeDays === null ? look.at : look.opensAt(task.notBeforeDays),
  }));
  return {
    tasks,
    begin: opening.filter(({ until }) => until <= look.at).map(({ task }) => task),
    wait: opening.filter(({ until }) => until > look.at),
  };
}

function isBehind({ state }: TaskProgress): boolean {
  return state === 'done' || state === 'skipped';
}

export function isComplete(tasks: readonly TaskProgress[]): boolean {
  return tasks.every(isBehind);
}

export function progressOf(tasks: readonly TaskProgress[], key: string): TaskProgress {
  const task = tasks.find((one) => one.key === key);
  if (!task) throw new Error(`There is no task ${key}`);
  return task;
}

/** With one of them changed. */
export function changed(
  tasks: readonly TaskProgress[],
  key: string,
  patch: Partial<TaskProgress>,
): TaskProgress[] {
  return tasks.map((task) => (task.key === key ? { ...task, ...patch } : task));
}

/** The place of the next one that is done. */
export function nextPlace(tasks: readonly TaskProgress[]): number {
  return Math.max(0, ...tasks.map(({ place }) => place ?? 0)) + 1;
}

/**
 * What is to be undone now: the last one that was done and can be undone. `wait`: something runs still, and
 * may be done after all; undefined: nothing is left.
 */
export function nextToUndo(
  plan: Plan,
  tasks: readonly TaskProgress[],
): PlannedTask | 'wait' | undefined {
  if (tasks.some(({ state }) => state === 'running' || state === 'undoing')) return 'wait';
  const last = tasks
    .filter(({ key, state }) => state === 'done' && plannedOf(plan, key).undo !== null)
    .sort((a, b) => (b.place ?? 0) - (a.place ?? 0))[0];
  return last && plannedOf(plan, last.key);
}

export function plannedOf({ tasks }: Plan, key: string): PlannedTask {
  const task = tasks.find((one) => one.key === key);
  if (!task) throw new Error(`The plan has no task ${key}`);
  return task;
}

/** What conditions and inputs know of tasks: `results.<task>`. Those that have none are left out. */
export function resultsOf(tasks: readonly TaskProgress[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    tasks.flatMap(({ key, result }) => (result === null ? [] : [[key, result]])),
  );
}
