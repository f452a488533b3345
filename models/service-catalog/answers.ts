/** Whether answers suit a form: the one place where it is said, before an order and with it. */
import type { InputIssue } from '../errors';
import type { Json } from '../tickets/ticket';
import { isList, propertiesOf, schemaOf } from './answer-field';
import type { Answers } from './conditions';
import { compiledForm } from './form';
import { issueOf } from './form-issue';
import { lookupOf } from './form-schema/lookup';
import type { Form, Lookup } from './shape';
import { visibleIn } from './visible';

const mostBytes = 64 * 1_024;
const mostValues = 1_000;

/** Pointers begin with `below`; none: the answers are taken, as far as the form alone can say. */
export function answerIssues(form: Form, answers: Answers, below: string): InputIssue[] {
  const size = sizeIssue(answers, below);
  if (size !== undefined) return [size];
  const visible = visibleIn(form, answers);
  const hidden = propertiesOf(form.schema)
    .map(([name]) => name)
    .filter((name) => !visible.has(name) && isGiven(answers, name));
  const asked = Object.entries(answers).filter(([name]) => !hidden.includes(name));
  return [
    ...hidden.map((name) => ({
      pointer: `${below}/${name}`,
      detail: 'is not asked with these answers',
      code: 'hidden',
    })),
    ...missingIssues(form, answers, { visible, below }),
    ...schemaIssues(form, Object.fromEntries(asked), below),
  ];
}

/** Something that an answer names. */
export interface LookedUp {
  readonly kind: Lookup;
  readonly id: string;
  readonly pointer: string;
}

export function lookedUpIn(form: Form, answers: Answers, below: string): LookedUp[] {
  return propertiesOf(form.schema).flatMap(([name, schema]): LookedUp[] => {
    const [answer, pointer] = [answers[name], `${below}/${name}`];
    const kind = lookupOf(schema);
    if (kind !== undefined)
      return typeof answer === 'string' ? [{ kind, id: answer, pointer }] : [];
    const ofItems = lookupOf(schemaOf(schema['items']));
    if (ofItems === undefined || !isList(answer)) return [];
    return answer.flatMap((one, n) =>
      typeof one === 'string' ? [{ kind: ofItems, id: one, pointer: `${pointer}/${n}` }] : [],
    );
  });
}

interface Shown {
  readonly visible: ReadonlySet<string>;
  readonly below: string;
}

/** What is hidden is not required. */
function missingIssues(form: Form, answers: Answers, { visible, below }: Shown): InputIssue[] {
  const { required } = form.schema;
  if (!isList(required)) return [];
  return required.flatMap((name) =>
    typeof name === 'string' && visible.has(name) && !isGiven(answers, name)
      ? [{ pointer: `${below}/${name}`, detail: 'is required', code: 'required' }]
      : [],
  );
}

/** Of an `if` its `then` says what is wrong. */
function schemaIssues(form: Form, answers: Answers, below: string): InputIssue[] {
  const validate = compiledForm(form);
  if (validate(answers)) return [];
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return errors.map((error) => issueOf(error, below));
}

function isGiven(answers: Answers, name: string): boolean {
  return Object.hasOwn(answers, name);
}

/** Before they are looked into: some keywords compare all values with each other. */
function sizeIssue(answers: Answers, pointer: string): InputIssue | undefined {
  if (Buffer.byteLength(JSON.stringify(answers)) > mostBytes)
    return { pointer, detail: `has more than ${mostBytes} bytes`, code: 'too_big' };
  if (countOf(answers) > mostValues)
    return { pointer, detail: `has more than ${mostValues} values`, code: 'too_big' };
  return undefined;
}

function countOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner: Json) => sum + countOf(inner), 1);
}
