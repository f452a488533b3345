/** Activities that automatic tasks may run, as data: what each takes and answers, and what undoes it. */
import { hasPlaceholder } from './filled';
import type { z } from 'zod';
import type { Json } from '../tickets/ticket';
import * as io from './inputs';

export interface Activity {
  readonly name: ActivityName;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly result: z.ZodObject;
  /** null: nothing of itself; the task may name another activity that does. */
  readonly undoneBy: Undoing | null;
}

/** Fields of the task's own input that are taken over, and the field that takes its whole result. */
export interface Undoing {
  readonly activity: ActivityName;
  readonly keeps: readonly string[];
  readonly resultAs: string;
}

export const activityNames = [
  'http.call',
  'mail.send',
  'role.give',
  'role.take',
  'team.join',
  'team.leave',
] as const;
export type ActivityName = (typeof activityNames)[number];

export const activities: readonly Activity[] = [
  {
    name: 'http.call',
    title: 'Call another system',
    description:
      'Sends a request to a connection, signed, with an Idempotency-Key that is the same for each attempt.',
    input: io.HttpCall,
    result: io.HttpAnswer,
    undoneBy: null,
  },
  {
    name: 'mail.send',
    title: 'Send a mail',
    description: 'Writes to somebody of the organization.',
    input: io.MailSend,
    result: io.MailSent,
    undoneBy: null,
  },
  {
    name: 'role.give',
    title: 'Give a role',
    description: 'Gives somebody a role beside their own, for ever or until an instant.',
    input: io.RoleGive,
    result: io.RoleGiven,
    undoneBy: { activity: 'role.take', keeps: ['userId', 'roleId'], resultAs: 'given' },
  },
  {
    name: 'role.take',
    title: 'Take a role',
    description: 'Takes from somebody a role that they have beside their own.',
    input: io.RoleTake,
    result: io.RoleTaken,
    undoneBy: { activity: 'role.give', keeps: ['userId', 'roleId'], resultAs: 'taken' },
  },
  {
    name: 'team.join',
    title: 'Take into a team',
    description: 'Makes somebody a member of a team.',
    input: io.TeamJoin,
    result: io.TeamJoined,
    undoneBy: { activity: 'team.leave', keeps: ['userId', 'teamId'], resultAs: 'joined' },
  },
  {
    name: 'team.leave',
    title: 'Take out of a team',
    description: 'Ends that somebody is a member of a team.',
    input: io.TeamLeave,
    result: io.TeamLeft,
    undoneBy: { activity: 'team.join', keeps: ['userId', 'teamId'], resultAs: 'left' },
  },
];

const byName = new Map<string, Activity>(activities.map((one) => [one.name, one]));

/** Undefined: there is none of that name. */
export function activityNamed(name: string): Activity | undefined {
  return byName.get(name);
}

type Fields = Readonly<Record<string, Json>>;

/**
 * What undoes a task of itself, ready for the plan: its result stands in it as `{results.<key>}`.
 * null: nothing does.
 */
export function undoOf(key: string, name: string, input: Fields) {
  const undoing = activityNamed(name)?.undoneBy;
  if (!undoing) return null;
  const kept = undoing.keeps.flatMap((field) => {
    const value = input[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  const result: Json = `{results.${key}}`;
  const undoInput: Fields = { ...Object.fromEntries(kept), [undoing.resultAs]: result };
  return { activity: undoing.activity, input: undoInput };
}

/** One thing that is wrong: `pointer` below the input. */
export interface InputFault {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * What is wrong with the input of a task as it was designed. A text with a reference in it (`{answers.…}`,
 * `{results.…}`) is anything until the task begins. Empty: it may be run, as far as one can say before.
 */
export function faultsOf({ input }: { readonly input: z.ZodType }, designed: Fields): InputFault[] {
  const parsed = input.safeParse(designed);
  if (parsed.success) return [];
  return parsed.error.issues
    .filter(({ path }) => !isOpen(designed, path))
    .map(({ path, message }) => ({
      pointer: path.map((part) => `/${String(part)}`).join(''),
      detail: message,
    }));
}

/** Whether a path leads to, or through, what is not known yet. */
function isOpen(designed: Fields, path: readonly PropertyKey[]): boolean {
  let at: unknown = designed;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) break;
    at = Reflect.get(at, part);
  }
  return hasPlaceholder(at);
}
