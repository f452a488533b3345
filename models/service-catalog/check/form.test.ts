import type { InputIssue } from '../../errors';
import type { Json } from '../../tickets/ticket';
import type { FieldHint, Form } from '../shape';
import { formIssues } from './form';

type Properties = Readonly<Record<string, Json>>;
type More = Readonly<Record<string, Json>>;

const formOf = (properties: Properties, more: More = {}): Form => ({
  schema: { type: 'object', properties, ...more },
  hints: { order: [], fields: {} },
});
const hinted = (form: Form, fields: Readonly<Record<string, FieldHint>>): Form => ({
  ...form,
  hints: { ...form.hints, fields },
});
const text = { type: 'string' };
const nested = (depth: number): Json =>
  depth === 0 ? text : { type: 'array', items: nested(depth - 1) };
const many = (count: number): Properties =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, { type: 'integer' }]));

const good: readonly (readonly [string, Form])[] = [
  ['nothing', formOf({})],
  ['a text', formOf({ name: { type: 'string', minLength: 1, maxLength: 80 } })],
  ['several lines', hinted(formOf({ why: text }), { why: { widget: 'textarea' } })],
  ['a number', formOf({ share: { type: 'number', minimum: 0, exclusiveMaximum: 1 } })],
  ['a whole number', formOf({ count: { type: 'integer', multipleOf: 5 } })],
  ['yes or no', formOf({ isUrgent: { type: 'boolean', default: false } })],
  ['a choice', formOf({ model: { type: 'string', enum: ['light', 'strong'] } })],
  [
    'a choice with titles',
    formOf({ size: { type: 'string', oneOf: [{ const: 's', title: 'Small' }, { const: 'l' }] } }),
  ],
  [
    'several choices',
    formOf({
      software: { type: 'array', items: { ...text, enum: ['a', 'b'] }, uniqueItems: true },
    }),
  ],
  ['a date', formOf({ begins: { type: 'string', format: 'date' } })],
  ['an address', formOf({ email: { type: 'string', format: 'email' } })],
  ['a person', formOf({ who: { type: 'string', lookup: 'user' } })],
  ['several services', formOf({ all: { type: 'array', items: { ...text, lookup: 'service' } } })],
  ['a pattern', formOf({ code: { type: 'string', pattern: '^[A-Z]{2}\\d{4}$' } })],
  ['a pattern of letters', formOf({ name: { type: 'string', pattern: '^\\p{L}+$' } })],
  ['what would backtrack for ever', formOf({ name: { type: 'string', pattern: '^(a+)+$' } })],
  [
    'an object',
    formOf({ at: { type: 'object', properties: { street: text }, required: ['street'] } }),
  ],
  [
    'a list of objects',
    formOf({ rows: { type: 'array', items: { type: 'object', properties: {} } } }),
  ],
  ['a type or null', formOf({ note: { type: ['string', 'null'] } })],
  ['what must be given', formOf({ name: text }, { required: ['name'] })],
  [
    'what depends on an answer',
    formOf(
      { kind: { ...text, enum: ['a', 'b'] }, more: text },
      { if: { properties: { kind: { const: 'b' } } }, then: { required: ['more'] } },
    ),
  ],
  [
    'what goes together',
    formOf({ from: text, until: text }, { dependentRequired: { from: ['until'] } }),
  ],
  [
    'parts that are named',
    formOf({ home: { $ref: '#/$defs/place' } }, { $defs: { place: { ...text, maxLength: 9 } } }),
  ],
  ['the dialect', formOf({}, { $schema: 'https://json-schema.org/draft/2020-12/schema' })],
  ['two hundred questions', formOf(many(200))],
  [
    'questions that are shown in turn',
    hinted(formOf({ a: text, b: text, c: text }), {
      b: { visibleWhen: 'answers.a==x' },
      c: { visibleWhen: 'answers.b==y;answers.a==x' },
    }),
  ],
];

const below = '/definition/form';
const bad: readonly (readonly [string, Form, string, string])[] = [
  ['a list', { ...formOf({}), schema: { type: 'array' } }, '/schema/type', 'invalid'],
  [
    'no properties',
    { ...formOf({}), schema: { type: 'object' } },
    '/schema/properties',
    'required',
  ],
  [
    'other answers',
    formOf({}, { additionalProperties: true }),
    '/schema/additionalProperties',
    'invalid',
  ],
  [
    'other answers of a kind',
    formOf({}, { additionalProperties: text }),
    '/schema/additionalProperties',
    'invalid',
  ],
  ['a name with a dot', formOf({ 'a.b': text }), '/schema/properties/a.b', 'invalid'],
  ['a name with a slash', formOf({ 'a/b': text }), '/schema/properties/a~1b', 'invalid'],
  [
    'a name of every object',
    formOf({ constructor: text }),
    '/schema/properties/constructor',
    'invalid',
  ],
  [
    'a name that is too long',
    formOf({ ['a'.repeat(61)]: text }),
    `/schema/properties/${'a'.repeat(61)}`,
    'invalid',
  ],
  ['too many questions', formOf(many(201)), '/schema/properties', 'too_big'],
  ['too much', formOf({ a: { ...text, description: 'x'.repeat(70_000) } }), '/schema', 'too_big'],
  [
    'what is too deep',
    formOf({ a: nested(9) }),
    `/schema/properties/a${'/items'.repeat(8)}`,
    'too_big',
  ],
  [
    'what is required and not asked',
    formOf({}, { required: ['a'] }),
    '/schema/required/0',
    'not_found',
  ],
  [
    'a type that there is not',
    formOf({ a: { type: 'text' } }),
    '/schema/properties/a/type',
    'enum',
  ],
  [
    'a keyword that there is not',
    formOf({ a: { ...text, maxLenght: 3 } }),
    '/schema/properties/a/maxLenght',
    'unknown_field',
  ],
  [
    'a keyword of another type',
    formOf({ a: { type: 'integer', maxLength: 3 } }),
    '/schema',
    'invalid',
  ],
  ['no type', formOf({ a: { minLength: 3 } }), '/schema', 'invalid'],
  [
    'a limit that is no number',
    formOf({ a: { ...text, maxLength: 'x' } }),
    '/schema/properties/a/maxLength',
    'type',
  ],
  [
    'an id of its own',
    formOf({ a: { ...text, $id: 'https://example.org/a' } }),
    '/schema/properties/a/$id',
    'unknown_field',
  ],
  [
    'another dialect',
    formOf({}, { $schema: 'http://json-schema.org/draft-07/schema#' }),
    '/schema/$schema',
    'invalid',
  ],
  [
    'a schema of elsewhere',
    formOf({ a: { $ref: 'https://example.org/a.json' } }),
    '/schema/properties/a/$ref',
    'not_found',
  ],
  [
    'a file',
    formOf({ a: { $ref: 'file:///etc/passwd' } }),
    '/schema/properties/a/$ref',
    'not_found',
  ],
  [
    'a part that there is not',
    formOf({ a: { $ref: '#/$defs/b' } }),
    '/schema/properties/a/$ref',
    'not_found',
  ],
  ['itself', formOf({ a: { $ref: '#' } }), '/schema/properties/a/$ref', 'not_found'],
  [
    'a part in itself',
    formOf({}, { $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } } }),
    '/schema/$defs/a',
    'cycle',
  ],
  [
    'parts that grow without end',
    formOf({ a: { $ref: '#/$defs/d0' } }, { $defs: doubling(12) }),
    '/schema',
    'too_big',
  ],
  [
    'a pattern that is none',
    formOf({ a: { ...text, pattern: '(' } }),
    '/schema/properties/a/pattern',
    'invalid',
  ],
  [
    'a pattern that looks ahead',
    formOf({ a: { ...text, pattern: '^(?=a).*' } }),
    '/schema/properties/a/pattern',
    'invalid',
  ],
  [
    'a pattern that refers back',
    formOf({ a: { ...text, pattern: '^(a)\\1$' } }),
    '/schema/properties/a/pattern',
    'invalid',
  ],
  [
    'a pattern that is too long',
    formOf({ a: { ...text, pattern: 'a'.repeat(501) } }),
    '/schema/properties/a/pattern',
    'too_big',
  ],
  [
    'patterns of names',
    formOf({}, { patternProperties: { '^a': text } }),
    '/schema/patternProperties',
    'unknown_field',
  ],
  [
    'a format that there is not',
    formOf({ a: { ...text, format: 'phone' } }),
    '/schema/properties/a/format',
    'invalid',
  ],
  [
    'a look-up of something else',
    formOf({ a: { ...text, lookup: 'ticket' } }),
    '/schema/properties/a/lookup',
    'invalid',
  ],
  [
    'a look-up that is a number',
    formOf({ a: { type: 'integer', lookup: 'user' } }),
    '/schema/properties/a/lookup',
    'invalid',
  ],
  [
    'a look-up in a part',
    formOf({ a: { anyOf: [{ ...text, lookup: 'user' }, text] } }),
    '/schema/properties/a/anyOf/0/lookup',
    'invalid',
  ],
  [
    'an order of what is not asked',
    { ...formOf({}), hints: { order: ['a'], fields: {} } },
    '/hints/order/0',
    'not_found',
  ],
  [
    'an order twice',
    { ...formOf({ a: text }), hints: { order: ['a', 'a'], fields: {} } },
    '/hints/order/1',
    'taken',
  ],
  ['a hint for what is not asked', hinted(formOf({}), { a: {} }), '/hints/fields/a', 'not_found'],
  [
    'a condition on what is not asked',
    hinted(formOf({ a: text }), { a: { visibleWhen: 'answers.b==x' } }),
    '/hints/fields/a/visibleWhen',
    'unknown_field',
  ],
  [
    'a condition that cannot be read',
    hinted(formOf({ a: text, b: text }), { a: { visibleWhen: 'answers.b==' } }),
    '/hints/fields/a/visibleWhen',
    'invalid',
  ],
  [
    'what waits for itself',
    hinted(formOf({ a: text }), { a: { visibleWhen: 'answers.a==x' } }),
    '/hints/fields/a/visibleWhen',
    'cycle',
  ],
  [
    'two that wait for each other',
    hinted(formOf({ a: text, b: text }), {
      a: { visibleWhen: 'answers.b==x' },
      b: { visibleWhen: 'answers.a==x' },
    }),
    '/hints/fields/a/visibleWhen',
    'cycle',
  ],
  [
    'what is hidden and demanded elsewhere',
    hinted(formOf({ a: text, b: text }, { dependentRequired: { a: ['b'] } }), {
      b: { visibleWhen: 'answers.a==x' },
    }),
    '/schema/properties/b',
    'invalid',
  ],
];

/** Each names the next twice: written out the last stands there 2^n times. */
function doubling(count: number): Properties {
  const next = (n: number) => ({ $ref: `#/$defs/d${n + 1}` });
  const parts = Array.from({ length: count }, (_, n) => [
    `d${n}`,
    n + 1 < count ? { type: 'string', allOf: [next(n), next(n)] } : text,
  ]);
  return Object.fromEntries(parts) as Properties;
}

const brief = ({ pointer, code }: InputIssue) => ({ pointer, code });

describe('a form', () => {
  it.each(good)('may ask for %s', (_, form) => {
    expect(formIssues(form, below)).toEqual([]);
  });

  it.each(bad)('is not %s', (_, form, pointer, code) => {
    expect(formIssues(form, below).map(brief)).toContainEqual({ pointer: below + pointer, code });
  });
});
