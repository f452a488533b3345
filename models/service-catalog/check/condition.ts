/** Conditions as texts: whether they can be read. */
import type { InputIssue } from '../../errors';
import type { ConditionFields } from '../../filter/field';
import { readRsql } from '../../filter/rsql';

/** No condition is nothing wrong; the detail says at which character. */
export function conditionIssues(
  fields: ConditionFields,
  text: string | null | undefined,
  pointer: string,
): InputIssue[] {
  if (text === null || text === undefined) return [];
  const read = readRsql(fields, text);
  return read.ok ? [] : read.issues.map(({ detail, code }) => ({ pointer, detail, code }));
}
