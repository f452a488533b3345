/** Automatic tasks: that their activities are registered, and are given what they take. */
import type { InputIssue } from '../../errors';
import { faultsOf } from '../../fulfilment/activities';
import { ofRequest, placeholdersIn } from '../../fulfilment/filled';
import type { AutomaticTask } from '../../fulfilment/shape';
import type { Json } from '../../tickets/ticket';
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
  const unknown = Object.entries(input).flatMap(([name, value]) =>
    unknownIn(value, given, `${place}/${escaped(name)}`),
  );
  if (known === undefined) {
    const detail = `is no registered activity: ${activity}`;
    return [{ pointer: `${below}/activity`, detail, code: 'not_found' }, ...unknown];
  }
  const faults = faultsOf(known, input).map(({ pointer, detail }) => ({
    pointer: `${place}${pointer}`,
    detail,
    code: 'invalid',
  }));
  return [...unknown, ...faults];
}

/** What stands for something that is not known when its turn has come. */
function unknownIn(value: Json, given: Given, pointer: string): InputIssue[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([step, inner]: [string, Json]) =>
      unknownIn(inner, given, `${pointer}/${escaped(step)}`),
    );
  return placeholdersIn(value).flatMap((path) => {
    if (isKnown(path, given)) return [];
    return [{ pointer, detail: `{${path}} is not known before it`, code: 'not_found' }];
  });
}

/** A result may be an object, of which one member is meant. */
function isKnown(path: string, { answers, results }: Given): boolean {
  const [of, name = ''] = path.split('.');
  if (of === 'answers') return answers.includes(path.slice('answers.'.length));
  return of === 'results' ? results.includes(name) : ofRequest.some((one) => one === name);
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
