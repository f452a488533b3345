/** What a caller filters by: one tree, whichever way it was spelt. */

export const operators = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'nin', 'isnull'] as const;
export type Operator = (typeof operators)[number];

export type Scalar = string | number | boolean;

/** One comparison, checked: the field exists, takes the operator, and the value fits. */
export interface Comparison {
  readonly field: string;
  readonly op: Operator;
  /** A list for `in` and `nin`, a boolean for `isnull`. */
  readonly value: Scalar | readonly Scalar[];
}

export type Condition =
  { readonly and: readonly Condition[] } | { readonly or: readonly Condition[] } | Comparison;

/** What is wrong with a filter, below the parameter it stands in. */
export interface FilterIssue {
  readonly path: readonly string[];
  readonly detail: string;
  readonly code: string;
}

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly FilterIssue[] };

export function wrong(detail: string, code = 'invalid', path: readonly string[] = []) {
  return { ok: false, issues: [{ path, detail, code }] } as const;
}
