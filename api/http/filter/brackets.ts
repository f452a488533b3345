/** `filter[isOpen]=true&filter[priority][lte]=P2`: all must hold. */
import { comparisonOf } from '../../../models/filter/comparison';
import {
  wrong,
  type Condition,
  type FilterIssue,
  type Reading,
} from '../../../models/filter/condition';
import type { ConditionFields } from '../../../models/filter/field';

/** Reads the parsed parameter; an empty one filters nothing. */
export function readBrackets(fields: ConditionFields, raw: unknown): Reading<Condition> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return wrong('is written filter[field]=value or filter[field][operator]=value');
  }
  const readings = Object.entries(raw).flatMap(([name, given]) => ofField(fields, name, given));
  const issues: FilterIssue[] = readings.flatMap((reading) => (reading.ok ? [] : reading.issues));
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, value: { and: readings.flatMap((read) => (read.ok ? [read.value] : [])) } };
}

function ofField(fields: ConditionFields, name: string, given: unknown): Reading<Condition>[] {
  const plain = textsOf(given);
  if (plain !== undefined) {
    return [comparisonOf(fields, name, plain.length > 1 ? 'in' : 'eq', plain)];
  }
  return Object.entries(given ?? {}).map(([op, value]: [string, unknown]) => {
    const texts = textsOf(value);
    if (texts === undefined) return wrong('is nested too deeply', 'invalid', [name, op]);
    return comparisonOf(fields, name, op, op === 'in' || op === 'nin' ? split(texts) : texts);
  });
}

/** One text, or the texts of a parameter that was given several times. */
function textsOf(given: unknown): readonly string[] | undefined {
  if (typeof given === 'string') return [given];
  if (!Array.isArray(given)) return undefined;
  const texts = given.filter((item) => typeof item === 'string');
  return texts.length === given.length ? texts : undefined;
}

/** `P1,P2` is a list. A parameter given several times is taken as it is: its texts may hold commas. */
function split(texts: readonly string[]): readonly string[] {
  const [only, ...more] = texts;
  return only === undefined || more.length > 0 ? texts : only.split(',');
}
