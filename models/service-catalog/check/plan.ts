/** A plan: that its tasks come in some order, and name what they may name. */
import type { InputIssue } from '../../errors';
import type { ConditionFields } from '../../filter/field';
import type { PlannedTask } from '../../fulfilment/shape';
import { propertiesOf } from '../answer-field';
import { taskFields } from '../conditions';
import type { ItemDefinition } from '../shape';
import { activityIssues } from './activity';
import { conditionIssues } from './condition';
import { nameIssues, type CatalogGround } from './ground';

export function planIssues(
  definition: ItemDefinition,
  ground: CatalogGround,
  below: string,
): InputIssue[] {
  const { tasks } = definition.fulfilment;
  const ofOrder = [...keyIssues(tasks, below), ...afterIssues(tasks, below)];
  const about = { definition, ground };
  return [
    ...startIssues(definition, `${below}/startDay`),
    ...ofOrder,
    ...(ofOrder.length > 0
      ? []
      : tasks.flatMap((task, n) => taskIssues(task, about, `${below}/tasks/${n}`))),
  ];
}

function startIssues({ form, fulfilment }: ItemDefinition, pointer: string): InputIssue[] {
  const { startDay } = fulfilment;
  if (startDay === null) return [];
  const [, schema] = propertiesOf(form.schema).find(([name]) => name === startDay) ?? [];
  const isDate = schema?.['type'] === 'string' && schema['format'] === 'date';
  return isDate ? [] : [issue(pointer, 'is no property that is a date')];
}

function keyIssues(tasks: readonly PlannedTask[], below: string): InputIssue[] {
  const keys = tasks.map(({ key }) => key);
  return keys.flatMap((key, n) =>
    keys.indexOf(key) < n
      ? [issue(`${below}/tasks/${n}/key`, 'is given to another task, too', 'taken')]
      : [],
  );
}

function afterIssues(tasks: readonly PlannedTask[], below: string): InputIssue[] {
  const keys = tasks.map(({ key }) => key);
  return tasks.flatMap(({ key, after }, n) => [
    ...after.flatMap((one, k) =>
      keys.includes(one)
        ? []
        : [issue(`${below}/tasks/${n}/after/${k}`, 'is no task of this plan', 'not_found')],
    ),
    ...(comeBefore(tasks, key).has(key)
      ? [issue(`${below}/tasks/${n}/after`, 'leads back to this task', 'cycle')]
      : []),
  ]);
}

/** Keys of all that come before one; its own, too, if it waits for itself. */
function comeBefore(tasks: readonly PlannedTask[], key: string): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [key];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const named = tasks.find((task) => task.key === next)?.after ?? [];
    for (const one of named) {
      if (found.has(one)) continue;
      found.add(one);
      left.push(one);
    }
  }
  return found;
}

interface About {
  readonly definition: ItemDefinition;
  readonly ground: CatalogGround;
}

function taskIssues(task: PlannedTask, { definition, ground }: About, below: string): InputIssue[] {
  const before = comeBefore(definition.fulfilment.tasks, task.key);
  const fields = fieldsAfter(taskFields(definition), before);
  const answers = propertiesOf(definition.form.schema).map(([name]) => name);
  return [
    ...conditionIssues(fields, task.when, `${below}/when`),
    ...(task.kind === 'manual'
      ? nameIssues(ground, 'team', task.teamId, `${below}/teamId`)
      : activityIssues(task, { ...ground, answers, results: [...before] }, below)),
  ];
}

/** Of results only those that are there when its turn has come. */
function fieldsAfter(fields: ConditionFields, before: ReadonlySet<string>): ConditionFields {
  const isThere = (name: string) =>
    !name.startsWith('results.') || before.has(name.slice('results.'.length));
  return new Map([...fields].filter(([name]) => isThere(name)));
}

function issue(pointer: string, detail: string, code = 'invalid'): InputIssue {
  return { pointer, detail, code };
}
