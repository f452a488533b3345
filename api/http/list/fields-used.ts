/** The fields that a query filters or sorts by: for lists in which not everybody may ask everything. */
import type { Condition } from '../../../models/filter/condition';
import type { ListQuery } from './query';

export function fieldsUsed(query: ListQuery): readonly string[] {
  const conditions = [query.filter, query.q].filter((condition) => condition !== undefined);
  const sorted = query.sort.map((key) => key.field);
  return [...new Set([...conditions.flatMap(fieldsIn), ...sorted])];
}

function fieldsIn(condition: Condition): readonly string[] {
  if ('and' in condition) return condition.and.flatMap(fieldsIn);
  if ('or' in condition) return condition.or.flatMap(fieldsIn);
  return [condition.field];
}
