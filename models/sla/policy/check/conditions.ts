/** Conditions of a policy as texts: whether they can be read for tickets of its type. */
import type { ProcessDeclaration } from '../../../../workflows/process';
import type { InputIssue } from '../../../errors';
import { readRsql } from '../../../filter/rsql';
import { conditionFields } from '../../../tickets/subject';

/** By the names of the members that hold them; the detail says at which character. */
export function conditionIssues(
  conditions: Readonly<Record<string, string | undefined>>,
  process: ProcessDeclaration,
  below: string,
): InputIssue[] {
  return Object.entries(conditions).flatMap(([member, text]) => {
    if (text === undefined) return [];
    const read = readRsql(conditionFields(process), text);
    if (read.ok) return [];
    return read.issues.map(({ detail, code }) => ({ pointer: `${below}/${member}`, detail, code }));
  });
}
