/** A condition asked of one thing in memory: it means what its SQL means (api/http/filter/sql.ts). */
import type { Comparison, Condition, Operator, Scalar } from './condition';
import type { ConditionField, ConditionFields } from './field';

/** Instants are ISO texts. A list is what it has several of: a value equals it when it is among them. */
type Held = Scalar | readonly Scalar[];

/** Values by the names of fields; null, or left out: it has none. */
export type Subject = Readonly<Record<string, Held | null>>;

/** Nothing is compared with null: `ne` and `nin` include what has no value, all others exclude it. */
export function holds(fields: ConditionFields, condition: Condition, subject: Subject): boolean {
  if ('and' in condition) return condition.and.every((part) => holds(fields, part, subject));
  if ('or' in condition) return condition.or.some((part) => holds(fields, part, subject));
  const field = fields.get(condition.field);
  if (field === undefined) throw new Error(`Unchecked condition on ${condition.field}.`);
  return comparisonHolds(field, condition, subject[condition.field] ?? null);
}

function comparisonHolds(
  field: ConditionField,
  { op, value }: Comparison,
  has: Held | null,
): boolean {
  const values = [value].flat();
  switch (op) {
    case 'isnull':
      return (has === null) === (value === true);
    case 'eq':
    case 'in':
      return isAny(field, values, has);
    case 'ne':
    case 'nin':
      return !isAny(field, values, has);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return isInOrder(field, op, { has, bound: values[0] });
  }
}

function isAny(field: ConditionField, values: readonly Scalar[], has: Held | null): boolean {
  if (has === null) return false;
  const held = [has].flat().map((one) => comparable(field, one));
  return values.some((value) => held.includes(comparable(field, value)));
}

type Ordering = Extract<Operator, 'lt' | 'lte' | 'gt' | 'gte'>;

const compares: Readonly<Record<Ordering, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
};

/** A value of an enum that is none of the known has no rank: it is neither below nor above. Nor is a list. */
function isInOrder(
  field: ConditionField,
  op: Ordering,
  { has, bound }: { readonly has: Held | null; readonly bound: Scalar | undefined },
): boolean {
  if (has === null || typeof has === 'object' || bound === undefined) return false;
  const [a, b] = [rankOf(field, has), rankOf(field, bound)];
  return a !== undefined && b !== undefined && compares[op](a, b);
}

function rankOf(field: ConditionField, value: Scalar): number | undefined {
  if (field.type !== 'enum') return Number(comparable(field, value));
  const rank = field.values.findIndex((known) => known === value);
  return rank === -1 ? undefined : rank;
}

/** Ids are the same in capital and small letters, instants in any zone; texts only letter by letter. */
function comparable({ type }: ConditionField, value: Scalar): Scalar {
  if (type === 'reference') return String(value).toLowerCase();
  return type === 'instant' ? Date.parse(String(value)) : value;
}
