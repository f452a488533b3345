import fc from 'fast-check';
import { z } from 'zod';
import type { Comparison, Condition, Reading } from '../../../models/filter/condition';
import { readRsql } from '../../../models/filter/rsql';
import { defineListing } from '../list/listing';
import { readBrackets } from './brackets';
import { conditionSql } from './sql';

const listing = defineListing({
  name: 'tickets',
  item: z.object({ id: z.uuid(), title: z.string() }),
  fields: {
    state: { type: 'enum', values: ['new', 'assigned', 'closed'] },
    priority: { type: 'enum', values: ['P1', 'P2', 'P3'], ordered: true },
    assignee: { type: 'reference', column: 't.assignee_id' },
    team: { type: 'reference', column: 't.team_id' },
    openedAt: { type: 'instant', nullable: false },
    isOpen: { type: 'boolean', sql: "state <> 'closed'", nullable: false },
    manager: { type: 'reference', refersTo: 'person', column: 't.manager_id' },
    watcher: { type: 'reference', refersTo: 'person', column: 't.watcher_ids', many: true },
    awaited: {
      ...{ type: 'reference', refersTo: 'person', column: 't.awaited_ids' },
      ...{ many: true, isActedFor: true },
    },
    group: { type: 'reference', refersTo: 'team', column: 't.group_id' },
    service: { type: 'reference', refersTo: 'thing', column: 't.service_id' },
    reopenings: 'integer',
    title: 'text',
  },
  sorts: ['openedAt'],
  defaultSort: '-openedAt',
});

const userId = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
const otherId = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c55';
const organizationId = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c99';

function read(reading: Reading<Condition>): Condition {
  if (!reading.ok) throw new Error(JSON.stringify(reading.issues));
  return reading.value;
}

function issuesOf(reading: Reading<Condition>) {
  return reading.ok ? [] : reading.issues;
}

function sql(condition: Condition) {
  const binds: unknown[] = [];
  const bind = (value: unknown) => `$${binds.push(value)}`;
  const actor = { id: userId, organizationId, standsFor: [otherId] };
  return { text: conditionSql(condition, { listing, actor, bind }), binds };
}

describe('a filter in brackets', () => {
  it('joins everything by and', () => {
    const raw = { isOpen: 'true', priority: { lte: 'P2' }, assignee: 'me' };
    expect(read(readBrackets(listing.fields, raw))).toEqual({
      and: [
        { field: 'isOpen', op: 'eq', value: true },
        { field: 'priority', op: 'lte', value: 'P2' },
        { field: 'assignee', op: 'eq', value: 'me' },
      ],
    });
  });

  it('takes lists by comma or by repetition, and several bounds of one field', () => {
    const raw = {
      state: ['new', 'closed'],
      priority: { in: 'P1,P2' },
      title: { in: ['a,b', 'c'] },
      reopenings: { gte: '1', lt: '5' },
    };
    expect(read(readBrackets(listing.fields, raw))).toEqual({
      and: [
        { field: 'state', op: 'in', value: ['new', 'closed'] },
        { field: 'priority', op: 'in', value: ['P1', 'P2'] },
        { field: 'title', op: 'in', value: ['a,b', 'c'] },
        { field: 'reopenings', op: 'gte', value: 1 },
        { field: 'reopenings', op: 'lt', value: 5 },
      ],
    });
  });

  it('normalises instants to UTC; a date is its first moment', () => {
    const raw = { openedAt: { gte: '2026-11-23', lt: '2026-11-23T10:00:00+01:00' } };
    expect(read(readBrackets(listing.fields, raw))).toEqual({
      and: [
        { field: 'openedAt', op: 'gte', value: '2026-11-23T00:00:00.000Z' },
        { field: 'openedAt', op: 'lt', value: '2026-11-23T09:00:00.000Z' },
      ],
    });
  });

  it.each<[string, unknown, string[], string]>([
    ['an unknown field', { colour: 'red' }, ['colour'], 'unknown_field'],
    ['a name that every object has', { constructor: 'x' }, ['constructor'], 'unknown_field'],
    ['an unknown operator', { state: { like: 'x' } }, ['state', 'like'], 'unknown_operator'],
    ['an order of what has none', { state: { lt: 'new' } }, ['state', 'lt'], 'unknown_operator'],
    [
      'null where none can be',
      { openedAt: { isnull: 'true' } },
      ['openedAt', 'isnull'],
      'unknown_operator',
    ],
    ['a value that is none of the known', { priority: 'P9' }, ['priority'], 'invalid'],
    ['an id that is none', { assignee: 'root' }, ['assignee'], 'invalid'],
    ['an instant that is none', { openedAt: { gt: 'noon' } }, ['openedAt'], 'invalid'],
    ['a day that is none', { openedAt: { gt: '2026-13-45' } }, ['openedAt'], 'invalid'],
    ['a boolean that is none', { isOpen: 'yes' }, ['isOpen'], 'invalid'],
    ['half an integer', { reopenings: '1.5' }, ['reopenings'], 'invalid'],
    ['two values for one', { reopenings: { lt: ['1', '2'] } }, ['reopenings'], 'invalid'],
    ['too deep a nesting', { state: { eq: { x: 'new' } } }, ['state', 'eq'], 'invalid'],
    ['no brackets', 'open', [], 'invalid'],
  ])('is refused with the place that is wrong: %s', (_, raw, path, code) => {
    expect(issuesOf(readBrackets(listing.fields, raw))).toEqual([
      expect.objectContaining({ path, code }),
    ]);
  });

  it('reports every field that is wrong, not only the first', () => {
    expect(issuesOf(readBrackets(listing.fields, { colour: 'red', isOpen: 'yes' }))).toHaveLength(
      2,
    );
  });
});

describe('a filter as one string', () => {
  it('binds ; tighter than , and groups by parentheses', () => {
    const a = { field: 'state', op: 'in', value: ['new', 'assigned'] };
    const b = { field: 'priority', op: 'lte', value: 'P2' };
    const c = { field: 'assignee', op: 'eq', value: 'me' };
    const text = 'state=in=(new,assigned);priority=le=P2,assignee==me';
    expect(read(readRsql(listing.fields, text))).toEqual({ or: [{ and: [a, b] }, c] });
    const grouped = 'state=in=(new,assigned) ; (priority <= P2 , assignee == me)';
    expect(read(readRsql(listing.fields, grouped))).toEqual({ and: [a, { or: [b, c] }] });
  });

  it('takes any text in quotes', () => {
    const text = `title=="a;b,c) \\"d\\"",title=='it\\'s'`;
    expect(read(readRsql(listing.fields, text))).toEqual({
      or: [
        { field: 'title', op: 'eq', value: 'a;b,c) "d"' },
        { field: 'title', op: 'eq', value: "it's" },
      ],
    });
  });

  it.each([
    ['state==', 'ends where a value should be'],
    ['state', 'ends where an operator should be'],
    ['', 'ends where a field should be'],
    ['state==new;', 'ends where a field should be'],
    ['(state==new', 'ends where ) should be'],
    ['state==new)', 'at character 11: expected ; or , or the end'],
    ['state=like=new', 'at character 6: expected one of'],
    ['state==(new)', 'at character 8: expected a value'],
    ['state==new"x', 'at character 11'],
    ['"state"==new', 'at character 1: expected a field'],
    ['isOpen==true;colour==red', 'at character 14: colour is not a field'],
    ['priority==P9', 'priority must be one of'],
    ['manager==myTeams', 'must be an id or me'],
    ['group==me', 'must be an id or myTeams'],
    ['service==me', 'service must be an id'],
    ['team==all', 'must be an id, me or myTeams'],
    ...['-P', 'P1W2D', '-PT', 'P1H', '--P1D', 'P1.5D', 'P99999D', 'P1DT'].map((length) => [
      `openedAt==${length}`,
      'such as -P7D',
    ]),
    ['('.repeat(12) + 'state==new' + ')'.repeat(12), 'more than 10 levels'],
    [Array(51).fill('state==new').join(';'), 'more than 50 comparisons'],
  ])('says where it cannot be read: %s', (text, detail) => {
    const [issue] = issuesOf(readRsql(listing.fields, text));
    expect(issue?.detail).toContain(detail);
  });

  it('never throws, whatever the text is', () => {
    const pieces = fc.constantFrom(
      'state',
      '==',
      '=in=',
      '(',
      ')',
      ';',
      ',',
      '"',
      "'",
      '\\',
      ' ',
      'new',
      '<',
      '=',
      '!',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        expect(typeof readRsql(listing.fields, parts.join('')).ok).toBe('boolean');
      }),
    );
  });
});

const comparisons: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({
    field: fc.constant('title'),
    op: fc.constantFrom('eq' as const, 'ne' as const),
    value: fc.string({ minLength: 1, maxLength: 20 }),
  }),
  fc.record({
    field: fc.constant('title'),
    op: fc.constantFrom('in' as const, 'nin' as const),
    value: fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    field: fc.constant('reopenings'),
    op: fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
    value: fc.nat(),
  }),
  fc.record({
    field: fc.constant('assignee'),
    op: fc.constant('isnull' as const),
    value: fc.boolean(),
  }),
);

const spelt = {
  eq: '==',
  ne: '!=',
  lt: '=lt=',
  lte: '=le=',
  gt: '=gt=',
  gte: '=ge=',
  in: '=in=',
  nin: '=out=',
  isnull: '=isnull=',
};
const quote = (value: unknown) => `"${String(value).replace(/["\\]/g, '\\$&')}"`;

function print(condition: Condition): string {
  if ('and' in condition) return `(${condition.and.map(print).join(';')})`;
  if ('or' in condition) return `(${condition.or.map(print).join(',')})`;
  const { field, op, value } = condition;
  const text = Array.isArray(value) ? `(${value.map(quote).join(',')})` : quote(value);
  return field + spelt[op] + text;
}

const { tree: trees } = fc.letrec<{ tree: Condition; and: Condition; or: Condition }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', maxDepth: 4 }, comparisons, tie('and'), tie('or')),
  and: fc.record({ and: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
  or: fc.record({ or: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
}));

const leavesOf = (condition: Condition): Comparison[] => {
  if ('and' in condition) return condition.and.flatMap(leavesOf);
  return 'or' in condition ? condition.or.flatMap(leavesOf) : [condition];
};

describe('the two spellings', () => {
  it('of a string: what is printed is read back as the same tree', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        fc.pre(leavesOf(tree).length <= 50);
        expect(read(readRsql(listing.fields, print(tree)))).toEqual(tree);
      }),
    );
  });

  it('mean the same: brackets and string give one condition', () => {
    fc.assert(
      fc.property(comparisons, ({ field, op, value }) => {
        const texts = Array.isArray(value) ? value.map(String) : String(value);
        fc.pre(!Array.isArray(texts) || texts.length > 1);
        const raw = { [field]: { [op]: texts } };
        expect(read(readBrackets(listing.fields, raw))).toEqual({
          and: [read(readRsql(listing.fields, print({ field, op, value })))],
        });
      }),
    );
  });
});

describe('a filter as SQL', () => {
  const compile = (text: string) => sql(read(readRsql(listing.fields, text)));

  it('never holds a value: all of them are binds, numbered in order', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const { text, binds } = sql(tree);
        const used = [...text.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits));
        expect(used).toEqual(binds.map((_, index) => index + 1));
        expect(text.replace(/\$\d+/g, '')).toMatch(/^[a-z_.:()[\]<>= ]*$/);
      }),
    );
  });

  it.each([
    ['priority=le=P2', 'priority = any($1::text[])', [['P1', 'P2']]],
    ['priority=gt=P2', 'priority = any($1::text[])', [['P3']]],
    ['assignee==me', 't.assignee_id = $1::uuid', [userId]],
    ['assignee=isnull=true', 't.assignee_id is null', []],
    ['assignee!=me', '(t.assignee_id = $1::uuid) is not true', [userId]],
    ['isOpen==true', "(state <> 'closed')", []],
    ['isOpen!=true', "((state <> 'closed')) is not true", []],
    ['reopenings=ge=2', 'reopenings >= $1::bigint', [2]],
    ['openedAt<2026-11-23', 'opened_at < $1::timestamptz', ['2026-11-23T00:00:00.000Z']],
    ['openedAt=ge=-P7D', 'opened_at >= (now() - $1::interval)', ['P7D']],
    ['openedAt=lt=PT4H30M', 'opened_at < (now() + $1::interval)', ['PT4H30M']],
    ['openedAt<=now', 'opened_at <= (now() + $1::interval)', ['PT0S']],
    ['manager==me', 't.manager_id = $1::uuid', [userId]],
    ['watcher==me', "(t.watcher_ids <> '{}' and t.watcher_ids && $1::uuid[])", [[userId]]],
    ['awaited==me', "(t.awaited_ids <> '{}' and t.awaited_ids && $1::uuid[])", [[userId, otherId]]],
  ])('%s', (text, expected, binds) => {
    expect(compile(text)).toEqual({ text: expected, binds });
  });

  it('looks up the teams of the caller, also beside other ids', () => {
    const { text, binds } = compile(`team=in=(myTeams,${organizationId})`);
    expect(text).toMatch(
      /^t\.team_id = any\(\$3::uuid\[\] \|\| array\(select m\.team_id from team_members/,
    );
    expect(binds).toEqual([organizationId, userId, [organizationId]]);
  });
});
