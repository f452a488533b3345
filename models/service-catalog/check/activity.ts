/** Automatic tasks: that their activities are registered, and are given what they take. */
import type { InputIssue } from '../../errors';
import type { AutomaticTask } from '../../fulfilment/shape';
import type { Json } from '../../tickets/ticket';
import { isList } from '../answer-field';
import type { Activities } from './ground';

/** What may stand in braces when its turn has come. */
interface Given {
  readonly activities: Activities;
  readonly answers: readonly string[];
  /** Keys of the tasks that come before. */
  readonly results: readonly string[];
}

export function activityIssues(task: AutomaticTask, given: Given, below: string): InputIssue[] {
  const { key, undo } = task;
  const afterwards = { ...given, results: [...given.results, key] };
  return [
    ...callIssues(task, given, below),
    ...(undo === null ? [] : callIssues(undo, afterwards, `${below}/undo`)),
  ];
}

type Call = Pick<AutomaticTask, 'activity' | 'input'>;

function callIssues({ activity, input }: Call, given: Given, below: string): InputIssue[] {
  const known = given.activities(activity);
  const place = `${below}/input`;
  const ofBraces = Object.entries(input).flatMap(([name, value]) =>
    braceIssues(value, given, `${place}/${escaped(name)}`),
  );
  if (known === undefined) {
    const detail = `is no registered activity: ${activity}`;
    return [{ pointer: `${below}/activity`, detail, code: 'not_found' }, ...ofBraces];
  }
  const read = known.input.safeParse(input);
  // What stands in braces is a text now and something else later.
  const wrong = (read.error?.issues ?? []).filter(({ path }) => !hasBraces(valueAt(input, path)));
  return [
    ...ofBraces,
    ...wrong.map(({ path, message }) => ({
      pointer: `${place}${path.map((step) => `/${escaped(String(step))}`).join('')}`,
      detail: message,
      code: 'invalid',
    })),
  ];
}

const braces = /\{(answers|results)\.([^{}]*)\}/g;

function braceIssues(value: Json, given: Given, pointer: string): InputIssue[] {
  if (typeof value !== 'string') {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([step, inner]: [string, Json]) =>
      braceIssues(inner, given, `${pointer}/${escaped(step)}`),
    );
  }
  return [...value.matchAll(braces)].flatMap(([whole, of, name = '']) => {
    // A result may be an object, of which one member is meant.
    const [known, wanted] =
      of === 'answers' ? [given.answers, name] : [given.results, name.split('.')[0] ?? ''];
    if (known.includes(wanted)) return [];
    return [{ pointer, detail: `${whole} is not known before it`, code: 'not_found' }];
  });
}

function hasBraces(value: Json | undefined): boolean {
  return typeof value === 'string' && value.search(braces) !== -1;
}

function valueAt(input: Json, path: readonly PropertyKey[]): Json | undefined {
  let value: Json | undefined = input;
  for (const step of path) {
    if (isList(value)) value = value[Number(step)];
    else if (typeof value === 'object' && value !== null) value = value[String(step)];
    else return undefined;
  }
  return value;
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
