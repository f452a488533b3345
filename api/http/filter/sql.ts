/** A condition as SQL. Values become binds; the text holds declared columns and nothing of the caller. */
import type { Comparison, Condition, Scalar } from '../../../models/filter/condition';
import { fromNowOf, me, myTeams } from '../../../models/filter/value';
import type { Actor } from '../../../models/users/actor';
import type { Listing, ListField } from '../list/listing';

/** Adds a value; gives its placeholder. */
export type Bind = (value: unknown) => string;

export interface SqlContext {
  readonly listing: Listing;
  readonly actor: Pick<Actor, 'id' | 'organizationId' | 'standsFor'>;
  readonly bind: Bind;
}

/** Nothing is compared with null: `ne` and `nin` include what has no value, all others exclude it. */
export function conditionSql(condition: Condition, context: SqlContext): string {
  if ('and' in condition) return join(condition.and, ' and ', context) || 'true';
  if ('or' in condition) return join(condition.or, ' or ', context) || 'false';
  const field = context.listing.fields.get(condition.field);
  if (field === undefined) throw new Error(`Unchecked filter field ${condition.field}.`);
  return comparisonSql(field, condition, context);
}

function join(parts: readonly Condition[], by: string, context: SqlContext): string {
  return parts.map((part) => `(${conditionSql(part, context)})`).join(by);
}

function comparisonSql(field: ListField, comparison: Comparison, context: SqlContext): string {
  const { op, value } = comparison;
  const values = [value].flat();
  switch (op) {
    case 'isnull':
      return `${field.sql} is ${value === true ? '' : 'not '}null`;
    case 'eq':
    case 'in':
      return isAny(field, values, context);
    case 'ne':
    case 'nin':
      return `(${isAny(field, values, context)}) is not true`;
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return ordered(field, op, values[0], context);
  }
}

function isAny(field: ListField, values: readonly Scalar[], context: SqlContext): string {
  // A constant, not a bind: partial indexes (`where is_open`) match only that.
  if (field.type === 'boolean') return values[0] === true ? field.sql : `not ${field.sql}`;
  const cast = sqlTypes[field.type];
  if (field.many)
    return field.type === 'reference'
      ? amongSql(field, values, context)
      : oneOfSql(field, values, context);
  const known = values
    .filter((value) => field.type !== 'reference' || value !== myTeams)
    .map((value) => (field.type === 'reference' && value === me ? context.actor.id : value));
  const ofTeams = known.length < values.length ? [teamsSql(context)] : [];
  const [only] = known;
  if (field.type === 'instant') return isAnyInstant(field, known, context);
  if (known.length === 1 && ofTeams.length === 0) {
    return `${field.sql} = ${context.bind(only)}::${cast}`;
  }
  return `${field.sql} = any(${[`${context.bind(known)}::${cast}[]`, ...ofTeams].join(' || ')})`;
}

function isAnyInstant({ sql }: ListField, values: readonly Scalar[], { bind }: SqlContext): string {
  return `${sql} = any(array[${values.map((value) => instantSql(value, bind)).join(', ')}])`;
}

/** What is said as seen from now is worked out by the clock of PostgreSQL, each time that it is asked. */
function instantSql(value: Scalar | undefined, bind: Bind): string {
  const relative = fromNowOf(String(value));
  if (relative === undefined) return `${bind(value)}::timestamptz`;
  return `(now() ${relative.isBefore ? '-' : '+'} ${bind(relative.length)}::interval)`;
}

/** Said in two ways: the first lets partial indexes of rows that have any match. `me` may be whoever I act for, too. */
function amongSql(field: ListField, values: readonly Scalar[], { actor, bind }: SqlContext) {
  const { sql, isActedFor } = field;
  const mine = [actor.id, ...(isActedFor ? (actor.standsFor ?? []) : [])];
  const ids = values
    .filter((value) => value !== myTeams)
    .flatMap((value) => (value === me ? mine : [value]));
  return `(${sql} <> '{}' and ${sql} && ${bind(ids)}::uuid[])`;
}

/** Of an array of texts, said in two ways for the same reason. */
function oneOfSql({ sql, type }: ListField, values: readonly Scalar[], { bind }: SqlContext) {
  return `(${sql} <> '{}' and ${sql} && ${bind(values)}::${sqlTypes[type]}[])`;
}

function teamsSql({ actor, bind }: SqlContext): string {
  return (
    'array(select m.team_id from team_members m ' +
    `where m.organization_id = ${bind(actor.organizationId)}::uuid and m.user_id = ${bind(actor.id)}::uuid)`
  );
}

const symbols = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
type Ordering = keyof typeof symbols;

/** An ordered enum compares by rank: at most P2 is P1 or P2. */
function ordered(
  field: ListField,
  op: Ordering,
  value: Scalar | undefined,
  { bind }: SqlContext,
): string {
  if (field.type === 'instant') return `${field.sql} ${symbols[op]} ${instantSql(value, bind)}`;
  if (field.type !== 'enum') {
    return `${field.sql} ${symbols[op]} ${bind(value)}::${sqlTypes[field.type]}`;
  }
  const rank = field.values.findIndex((known) => known === value);
  const inside = field.values.filter((_, index) => compares[op](index, rank));
  return `${field.sql} = any(${bind(inside)}::text[])`;
}

const compares: Readonly<Record<Ordering, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
};

/** The type that a bound value is read as. */
export const sqlTypes: Readonly<Record<ListField['type'], string>> = {
  enum: 'text',
  text: 'text',
  instant: 'timestamptz',
  boolean: 'boolean',
  integer: 'bigint',
  number: 'numeric',
  reference: 'uuid',
};
