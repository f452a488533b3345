/** What can be asked about a thing: its fields, each with what it takes. */
import type { Operator } from './condition';

export type FieldType =
  'enum' | 'text' | 'instant' | 'boolean' | 'integer' | 'number' | 'reference';

export interface ConditionField {
  readonly type: FieldType;
  /** Of an enum, else empty. Those of one that takes `lt` are in ascending order. */
  readonly values: readonly string[];
  readonly nullable: boolean;
  readonly operators: readonly Operator[];
  /** A reference that takes ids only, not the words `me` and `myTeams`: nobody asks. */
  readonly isIdOnly?: boolean;
  /** Of a reference: people take `me`, teams `myTeams`, things neither. Absent: it takes both. */
  readonly refersTo?: 'person' | 'team' | 'thing' | undefined;
  /** An instant that may be said as seen from now: `now`, `-P7D`. Nothing that is stored as a rule takes it. */
  readonly isRelative?: boolean;
}

/** By name; a name may have dots. */
export type ConditionFields = ReadonlyMap<string, ConditionField>;

const unordered: readonly Operator[] = ['eq', 'ne', 'in', 'nin'];
const ordered: readonly Operator[] = [...unordered, 'lt', 'lte', 'gt', 'gte'];

/** What a field takes: whatever can be compared in an order takes bounds, too; `isnull` where it may be null. */
export function operatorsOf(field: {
  readonly type: FieldType;
  /** The values of an enum are in ascending order and can be compared. */
  readonly ordered?: boolean | undefined;
  readonly nullable: boolean;
}): readonly Operator[] {
  return [...comparisonsOf(field), ...(field.nullable ? (['isnull'] as const) : [])];
}

function comparisonsOf(field: {
  readonly type: FieldType;
  readonly ordered?: boolean | undefined;
}): readonly Operator[] {
  switch (field.type) {
    case 'instant':
    case 'integer':
    case 'number':
      return ordered;
    case 'enum':
      return field.ordered === true ? ordered : unordered;
    case 'boolean':
      return ['eq', 'ne'];
    case 'text':
    case 'reference':
      return unordered;
  }
}
