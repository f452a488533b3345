/** Conditions and subjects at random, of every type of field, with values that meet often. */
import fc from 'fast-check';
import { z } from 'zod';
import type { Comparison, Condition, Operator, Scalar } from '../models/filter/condition';
import type { Subject } from '../models/filter/holds';
import { defineListing } from '../api/http/list/listing';

/** Columns of a row that is called `s`. */
export const asked = defineListing({
  name: 'asked',
  item: z.object({ id: z.uuid() }),
  fields: {
    state: { type: 'enum', values: ['new', 'assigned', 'closed'] },
    priority: { type: 'enum', values: ['P1', 'P2', 'P3'], ordered: true },
    team: 'reference',
    openedAt: 'instant',
    'requester.isVip': { type: 'boolean', column: 'is_vip' },
    reopenings: 'integer',
    share: 'number',
    'requester.department': { type: 'text', column: 'department' },
  },
  sorts: ['openedAt'],
  defaultSort: 'openedAt',
});

const values: Readonly<Record<string, readonly Scalar[]>> = {
  state: ['new', 'assigned', 'closed'],
  priority: ['P1', 'P2', 'P3'],
  team: ['0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11', '0197D9F5-2B1C-7C3E-8F21-3A6F0F2B9C11'],
  openedAt: ['2026-11-23T10:00:00.000Z', '2026-11-23T11:00:00+01:00', '2026-11-24T00:00:00.000Z'],
  'requester.isVip': [true, false],
  reopenings: [-1, 0, 2],
  share: [0.5, 0.25, 1],
  'requester.department': ['', 'Research', 'research', "it's; (a,b)"],
};

const valueOf = (name: string) => fc.constantFrom(...(values[name] ?? []));

/** Any field may have no value. */
export const subjects: fc.Arbitrary<Subject> = fc.record(
  Object.fromEntries(Object.keys(values).map((name) => [name, fc.option(valueOf(name))])),
);

const comparisons: fc.Arbitrary<Comparison> = fc
  .constantFrom(...asked.fields.values())
  .chain(({ name, operators }) => fc.tuple(fc.constant(name), fc.constantFrom(...operators)))
  .chain(([name, op]) =>
    fc.record({ field: fc.constant(name), op: fc.constant(op), value: valueFor(name, op) }),
  );

function valueFor(name: string, op: Operator): fc.Arbitrary<Scalar | readonly Scalar[]> {
  if (op === 'isnull') return fc.boolean();
  if (op !== 'in' && op !== 'nin') return valueOf(name);
  return fc.array(valueOf(name), { minLength: 1, maxLength: 3 });
}

export const { tree: conditions } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    comparisons,
    fc.record({ and: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}));
