/**
 * What the conditions of a catalog item can ask, and what they find. Each map of fields is always the same for
 * the same form or definition, so that a condition is compiled once: `compiled(fields, text)(subject)`.
 */
import { operatorsOf, type ConditionField, type ConditionFields } from '../filter/field';
import type { Subject } from '../filter/holds';
import type { Scalar } from '../filter/condition';
import type { PlannedTask } from '../fulfilment/shape';
import type { Json } from '../tickets/ticket';
import { roles } from '../users/actor';
import { answerField, isList, propertiesOf } from './answer-field';
import type { Form, ItemDefinition } from './shape';

export type Answers = Readonly<Record<string, Json>>;

/** `answers.<property>` for those of the properties that can be compared. */
export function answerFields(form: Form): ConditionFields {
  return once(ofForms, form, () => new Map(answersOf(form)));
}

export function subjectOfAnswers(form: Form, answers: Answers): Subject {
  return Object.fromEntries(
    propertiesOf(form.schema).map(([name]) => [`answers.${name}`, heldOf(answers[name])]),
  );
}

/** Those of answers, `cost` (of all that is ordered of it; null: it has none) and `quantity`. */
export function approvalFields(definition: ItemDefinition): ConditionFields {
  return once(
    ofApprovals,
    definition,
    () =>
      new Map([
        ...answersOf(definition.form),
        ['cost', field('number', 'nullable')],
        ['quantity', field('integer')],
      ]),
  );
}

export function subjectOfApproval(
  { form, cost }: Pick<ItemDefinition, 'form' | 'cost'>,
  { answers, quantity }: { readonly answers: Answers; readonly quantity: number },
): Subject {
  const total = cost === null ? null : cost.amount * quantity;
  return { ...subjectOfAnswers(form, answers), cost: total, quantity };
}

/** Those of answers and `results.<task>`: one of its outcomes, or what an automatic task answered as a text. */
export function taskFields(definition: ItemDefinition): ConditionFields {
  return once(
    ofTasks,
    definition,
    () =>
      new Map([
        ...answersOf(definition.form),
        ...definition.fulfilment.tasks.map((task) => resultField(task)),
      ]),
  );
}

/** `results` by the keys of tasks; one that is not done has none, and what is no text, number or boolean is none. */
export function subjectOfTask(
  { form, fulfilment }: Pick<ItemDefinition, 'form' | 'fulfilment'>,
  { answers, results }: { readonly answers: Answers; readonly results: Answers },
): Subject {
  const found: Subject = Object.fromEntries(
    fulfilment.tasks.map(({ key }) => [`results.${key}`, textOf(results[key])]),
  );
  return { ...subjectOfAnswers(form, answers), ...found };
}

/** Somebody as an audience looks at them. */
export interface Onlooker {
  readonly role: string;
  readonly department: string | null;
  readonly locationId: string | null;
  readonly isVip: boolean;
  readonly teamIds: readonly string[];
}

/** `team` is any of the teams that they are in. */
export const audienceFields: ConditionFields = new Map<string, ConditionField>([
  [
    'role',
    {
      ...field('enum'),
      values: roles,
      operators: operatorsOf({ ...field('enum'), ordered: true }),
    },
  ],
  ['department', field('text', 'nullable')],
  ['location', { ...field('reference', 'nullable'), isIdOnly: true }],
  ['isVip', field('boolean')],
  ['team', { ...field('reference'), isIdOnly: true }],
]);

export function subjectOfOnlooker(person: Onlooker): Subject {
  const { role, department, locationId, isVip, teamIds } = person;
  return { role, department, location: locationId, isVip, team: teamIds };
}

const ofForms = new WeakMap<Form, ConditionFields>();
const ofApprovals = new WeakMap<ItemDefinition, ConditionFields>();
const ofTasks = new WeakMap<ItemDefinition, ConditionFields>();

function once<Key extends object>(
  made: WeakMap<Key, ConditionFields>,
  key: Key,
  make: () => ConditionFields,
): ConditionFields {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

function answersOf({ schema }: Form): [string, ConditionField][] {
  return propertiesOf(schema).flatMap(([name, property]) => {
    const asked = answerField(property);
    return asked === undefined ? [] : [[`answers.${name}`, asked]];
  });
}

function resultField(task: PlannedTask): [string, ConditionField] {
  const isChoice = task.kind === 'manual' && task.outcomes.length > 0;
  const result = isChoice
    ? { ...field('enum', 'nullable'), values: task.outcomes }
    : field('text', 'nullable');
  return [`results.${task.key}`, result];
}

function field(type: ConditionField['type'], may?: 'nullable'): ConditionField {
  const nullable = may === 'nullable';
  return { type, values: [], nullable, operators: operatorsOf({ type, nullable }) };
}

function textOf(result: Json | undefined): string | null {
  return result === undefined || result === null || typeof result === 'object'
    ? null
    : String(result);
}

function heldOf(value: Json | undefined): Scalar | readonly Scalar[] | null {
  if (value === undefined || value === null) return null;
  if (!isList(value)) return isScalar(value) ? value : null;
  const held = value.filter(isScalar);
  return held.length === 0 ? null : held;
}

function isScalar(value: Json): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
