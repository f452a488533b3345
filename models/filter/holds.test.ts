import fc from 'fast-check';
import { asked, conditions, subjects } from '../../tests/conditions';
import { compiled } from './compiled';
import type { Comparison, Condition, Scalar } from './condition';
import { operatorsOf, type ConditionField, type FieldType } from './field';
import { holds, type Subject } from './holds';
import { readRsql } from './rsql';

const field = (type: FieldType, more: { ordered?: boolean; values?: string[] } = {}) => ({
  type,
  values: more.values ?? [],
  nullable: true,
  operators: operatorsOf({ type, ordered: more.ordered, nullable: true }),
});
const fields: ReadonlyMap<string, ConditionField> = new Map<string, ConditionField>([
  ['state', field('enum', { values: ['new', 'assigned', 'closed'] })],
  ['priority', field('enum', { values: ['P1', 'P2', 'P3'], ordered: true })],
  ['team', { ...field('reference'), isIdOnly: true }],
  ['openedAt', field('instant')],
  ['requester.isVip', field('boolean')],
  ['reopenings', field('integer')],
  ['requester.department', field('text')],
]);

const teamId = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
const ticket: Subject = {
  state: 'new',
  priority: 'P2',
  team: teamId,
  openedAt: '2026-11-23T10:00:00.000Z',
  'requester.isVip': true,
  reopenings: 2,
  'requester.department': "Research; 'Nice'",
};

describe('a condition asked of one ticket', () => {
  it.each<[string, boolean]>([
    ['priority=le=P2;requester.isVip==true', true],
    ['priority=lt=P2,requester.isVip==false', false],
    ['state=in=(assigned,closed)', false],
    ['state=out=(assigned,closed)', true],
    ['priority=gt=P2', false],
    ['priority=ge=P2', true],
    [`team==${teamId.toUpperCase()}`, true],
    ['openedAt==2026-11-23T11:00:00+01:00', true],
    ['openedAt<2026-11-23', false],
    ['reopenings>=2', true],
    [`requester.department=="Research; 'Nice'"`, true],
    ['requester.department==research', false],
    ['(state==closed;priority==P1),reopenings==2', true],
    ['team=isnull=false', true],
  ])('%s: %s', (text, expected) => {
    expect(compiled(fields, text)(ticket)).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['priority==P1', false],
    ['priority=le=P3', false],
    ['priority!=P1', true],
    ['priority=out=(P1,P2,P3)', true],
    ['requester.isVip==false', false],
    ['requester.isVip!=false', true],
    ['team=isnull=true', true],
    ['reopenings<1', false],
    ['reopenings!=0', true],
    ['requester.department==""', false],
  ])('where it has no value, %s: %s', (text, expected) => {
    const nulls = Object.fromEntries([...fields.keys()].map((name) => [name, null]));
    expect([compiled(fields, text)(nulls), compiled(fields, text)({})]).toEqual([
      expected,
      expected,
    ]);
  });

  it('ranks no value that it does not know', () => {
    expect(compiled(fields, 'priority=le=P3,priority=gt=P1')({ priority: 'P9' })).toBe(false);
  });

  it('takes no word that stands for a person, as nobody asks', () => {
    const read = readRsql(fields, 'team==myTeams');
    expect(read.ok ? [] : read.issues.map(({ detail }) => detail)).toEqual([
      'at character 1: team must be an id',
    ]);
  });
});

describe('a stored condition', () => {
  it('is read once for each set of fields', () => {
    const first = compiled(fields, 'state==new');
    expect(compiled(fields, 'state==new')).toBe(first);
    expect(compiled(new Map(fields), 'state==new')).not.toBe(first);
  });

  it('is forgotten when a thousand others came after it, and read again', () => {
    const first = compiled(fields, 'reopenings==-1');
    for (let n = 0; n < 1_000; n += 1) compiled(fields, `reopenings==${n}`);
    expect(compiled(fields, 'reopenings==-1')).not.toBe(first);
  });

  it('is a fault when it cannot be read', () => {
    expect(() => compiled(fields, 'colour==red')).toThrow(
      'cannot be read: at character 1: colour is not a field here',
    );
  });
});

it('asks of a list whether something is in it', () => {
  const held = (text: string, team: readonly string[]) => compiled(fields, text)({ team });
  const [one, other] = [teamId, '0197d9f5-2b1c-7c3e-8f21-000000000000'];
  expect(held(`team==${one.toUpperCase()}`, [other, one])).toBe(true);
  expect(held(`team=in=(${one},${other})`, [other])).toBe(true);
  expect(held(`team!=${one}`, [other, one])).toBe(false);
  expect(held(`team=out=(${one})`, [])).toBe(true);
});

/** Three-valued, as in SQL: null is unknown, and `is not true` makes it known. */
function reference(condition: Condition, subject: Subject): boolean | null {
  if ('and' in condition) return all(condition.and.map((part) => reference(part, subject)));
  if ('or' in condition) return any(condition.or.map((part) => reference(part, subject)));
  const has = subject[condition.field] ?? null;
  const held = has === null ? null : [has].flat().map(sameAs);
  return compare(condition, held);
}

function compare({ op, value }: Comparison, held: readonly Scalar[] | null): boolean | null {
  const given = [value].flat();
  const is = held && given.some((one) => held.includes(sameAs(one)));
  if (op === 'eq' || op === 'in') return is;
  if (op === 'ne' || op === 'nin') return is !== true;
  if (op === 'isnull') return (held === null) === value;
  const [only] = held ?? [];
  return only === undefined ? null : bounds[op](only, sameAs(given[0] ?? ''));
}

const bounds = {
  lt: (a: Scalar, b: Scalar) => a < b,
  lte: (a: Scalar, b: Scalar) => a <= b,
  gt: (a: Scalar, b: Scalar) => a > b,
  gte: (a: Scalar, b: Scalar) => a >= b,
};

/** The ids and instants of tests/conditions.ts are the same in two spellings each; the rest sort as they are. */
function sameAs(value: Scalar): Scalar {
  if (typeof value !== 'string') return value;
  if (value.length === 36) return value.toUpperCase();
  return /^\d{4}-/.test(value) ? new Date(value).getTime() : value;
}

const all = (parts: readonly (boolean | null)[]) =>
  parts.includes(false) ? false : parts.includes(null) ? null : true;
const any = (parts: readonly (boolean | null)[]) =>
  parts.includes(true) ? true : parts.includes(null) ? null : false;

it('agrees with the logic of SQL, whatever is asked of whatever', () => {
  fc.assert(
    fc.property(conditions, subjects, (tree, subject) => {
      expect(holds(asked.fields, tree, subject)).toBe(reference(tree, subject) === true);
    }),
    { numRuns: 1_000 },
  );
});
