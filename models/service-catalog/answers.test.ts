import fc from 'fast-check';
import type { Json } from '../tickets/ticket';
import { answerIssues, lookedUpIn } from './answers';
import type { Answers } from './conditions';
import { compiledForm } from './form';
import type { FieldHint, Form } from './shape';
import { visibleIn } from './visible';

const formOf = (
  properties: Readonly<Record<string, Json>>,
  more: Readonly<Record<string, Json>> = {},
  fields: Readonly<Record<string, FieldHint>> = {},
): Form => ({
  schema: { type: 'object', properties, ...more },
  hints: { order: [], fields },
});
const wrong = (form: Form, answers: Answers) =>
  answerIssues(form, answers, '/a').map(({ pointer, code }) => [pointer, code]);
const text = { type: 'string' };

describe('answers', () => {
  it('are held against the schema, each fault at its place', () => {
    const form = formOf({
      code: { type: 'string', pattern: '^[A-Z]{2}\\d+$' },
      at: { type: 'object', properties: { street: text }, required: ['street'] },
      many: { type: 'array', items: { type: 'integer' }, maxItems: 2, uniqueItems: true },
      begins: { type: 'string', format: 'date' },
    });
    expect(
      wrong(form, { code: 'AB1', at: { street: 'x' }, many: [1], begins: '2028-02-29' }),
    ).toEqual([]);
    expect(wrong(form, { code: 'ab', at: {}, many: [1, 'x', 1], begins: '2027-02-29' })).toEqual([
      ['/a/code', 'pattern'],
      ['/a/at/street', 'required'],
      ['/a/many', 'maxItems'],
      ['/a/many/1', 'type'],
      ['/a/many', 'uniqueItems'],
      ['/a/begins', 'format'],
    ]);
  });

  it('depend on each other as `if` says', () => {
    const form = formOf(
      { kind: { type: 'string', enum: ['a', 'b'] }, more: text },
      { if: { properties: { kind: { const: 'b' } } }, then: { required: ['more'] } },
    );
    expect(wrong(form, { kind: 'a' })).toEqual([]);
    expect(wrong(form, { kind: 'b' })).toEqual([['/a/more', 'required']]);
  });

  it('are required only while they are asked', () => {
    const form = formOf(
      { a: text, b: text },
      { required: ['a', 'b'] },
      { b: { visibleWhen: 'answers.a==x' } },
    );
    expect(wrong(form, { a: 'y' })).toEqual([]);
    expect(wrong(form, { a: 'x' })).toEqual([['/a/b', 'required']]);
    expect(wrong(form, { a: 'y', b: 'z' })).toEqual([['/a/b', 'hidden']]);
    expect(wrong(form, { b: 'z' })).toEqual([
      ['/a/b', 'hidden'],
      ['/a/a', 'required'],
    ]);
  });

  it('are refused when they are too many or too long, before they are looked into', () => {
    const form = formOf({ many: { type: 'array', uniqueItems: true, items: { type: 'integer' } } });
    const many = Array.from({ length: 1_000 }, (_, n) => n);
    expect(wrong(form, { many })).toEqual([['/a', 'too_big']]);
    expect(wrong(formOf({ a: text }), { a: 'x'.repeat(70_000) })).toEqual([['/a', 'too_big']]);
  });

  it('take time in proportion to what was written, whatever the pattern', () => {
    const form = formOf({ a: { type: 'string', pattern: '^(a+)+$' } });
    const began = performance.now();
    expect(wrong(form, { a: `${'a'.repeat(20_000)}!` })).toEqual([['/a/a', 'pattern']]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('name what they look up, in lists, too', () => {
    const form = formOf({
      who: { type: 'string', lookup: 'user' },
      all: { type: 'array', items: { type: 'string', lookup: 'team' } },
    });
    expect(lookedUpIn(form, { who: 'u', all: ['t', 's'] }, '')).toEqual([
      { kind: 'user', id: 'u', pointer: '/who' },
      { kind: 'team', id: 't', pointer: '/all/0' },
      { kind: 'team', id: 's', pointer: '/all/1' },
    ]);
  });

  it('are checked by what was compiled once for a form', () => {
    const form = formOf({ a: text });
    expect(compiledForm(form)).toBe(compiledForm(form));
  });
});

/** Forms whose questions are shown by the answers to earlier ones. */
const names = ['a', 'b', 'c', 'd', 'e'] as const;
const values = ['x', 'y'];
const conditionOn = (n: number) =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...names.slice(0, n)),
        fc.constantFrom('==', '!='),
        fc.constantFrom(...values),
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    )
    .chain((parts) =>
      fc
        .constantFrom(';', ',')
        .map((mark) => parts.map(([name, op, value]) => `answers.${name}${op}${value}`).join(mark)),
    );
const forms = fc
  .tuple(
    ...names.map((_, n) =>
      n === 0 ? fc.constant(undefined) : fc.option(conditionOn(n), { nil: undefined }),
    ),
  )
  .chain((conditions) =>
    fc.subarray([...names]).map((required) =>
      formOf(
        Object.fromEntries(names.map((name) => [name, { type: 'string', enum: values }])),
        { required },
        Object.fromEntries(
          names.flatMap((name, n) => {
            const visibleWhen = conditions[n];
            return visibleWhen === undefined ? [] : [[name, { visibleWhen }]];
          }),
        ),
      ),
    ),
  );
const answersOfAll = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...values));

it('what is shown may be answered, and nothing else; and only what is shown is required', () => {
  fc.assert(
    fc.property(forms, answersOfAll, (form, answers) => {
      const visible = visibleIn(form, answers);
      const found = answerIssues(form, answers, '');
      const refused = found.filter(({ code }) => code === 'hidden').map(({ pointer }) => pointer);
      const hidden = Object.keys(answers).filter((name) => !visible.has(name));
      expect(refused.sort()).toEqual(hidden.map((name) => `/${name}`).sort());
      const missing = found.filter(({ code }) => code === 'required').map(({ pointer }) => pointer);
      for (const pointer of missing) expect(visible.has(pointer.slice(1))).toBe(true);
      // Whoever answers all that is shown, as it comes to be shown, is done.
      expect(answerIssues(form, filledIn(form), '')).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

function filledIn(form: Form): Answers {
  let answers: Answers = {};
  for (;;) {
    const open = [...visibleIn(form, answers)].find((name) => answers[name] === undefined);
    if (open === undefined) return onlyShown(form, answers);
    answers = { ...answers, [open]: 'x' };
  }
}

/** What was answered before something else hid it is taken out again. */
function onlyShown(form: Form, answers: Answers): Answers {
  const visible = visibleIn(form, answers);
  return Object.fromEntries(Object.entries(answers).filter(([name]) => visible.has(name)));
}
