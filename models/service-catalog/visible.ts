/** Which questions of a form are shown: what is hidden is not asked, and not answered. */
import { compiled } from '../filter/compiled';
import type { Subject } from '../filter/holds';
import { propertiesOf } from './answer-field';
import { answerFields, subjectOfAnswers, type Answers } from './conditions';
import type { Form } from './shape';

/**
 * Names of the properties that are shown with these answers. An answer to what is hidden counts as not given,
 * also for the conditions of others. Throws an ordinary Error for conditions that name each other in a circle:
 * what is stored was checked before.
 */
export function visibleIn(form: Form, answers: Answers): ReadonlySet<string> {
  const given = subjectOfAnswers(form, answers);
  const fields = answerFields(form);
  const shown: Record<string, Subject[string]> = {};
  const visible = new Set<string>();
  for (const name of inOrder(form)) {
    const condition = form.hints.fields[name]?.visibleWhen;
    if (condition !== undefined && !compiled(fields, condition)(shown)) continue;
    visible.add(name);
    shown[`answers.${name}`] = given[`answers.${name}`] ?? null;
  }
  return visible;
}

const orders = new WeakMap<Form, readonly string[]>();

/** Each after those that its condition asks for. */
function inOrder(form: Form): readonly string[] {
  const known = orders.get(form);
  if (known !== undefined) return known;
  const { order, circle } = orderOf(form);
  if (circle.length > 0) throw new Error(`Conditions of a form go round: ${circle.join(', ')}.`);
  orders.set(form, order);
  return order;
}

/** Names in an order in which each is asked after those that its condition names, and those that go round. */
export function orderOf(form: Form): {
  readonly order: readonly string[];
  readonly circle: readonly string[];
} {
  const order: string[] = [];
  let left = propertiesOf(form.schema).map(([name]) => name);
  for (;;) {
    const waiting = left.filter((name) => namedBy(form, name).some((one) => left.includes(one)));
    order.push(...left.filter((name) => !waiting.includes(name)));
    if (waiting.length === left.length || waiting.length === 0) return { order, circle: waiting };
    left = waiting;
  }
}

/** Properties that the condition of one names. Words in quotes are taken for names, too: that is harmless. */
function namedBy({ hints }: Form, name: string): readonly string[] {
  const condition = hints.fields[name]?.visibleWhen ?? '';
  return [...condition.matchAll(/answers\.(\w+)/g)].flatMap(([, named]) => named ?? []);
}
