/** Field, operator and text as a checked comparison: the one place where both spellings meet. */
import {
  operators,
  wrong,
  type Comparison,
  type Operator,
  type Reading,
  type Scalar,
} from './condition';
import type { ConditionField, ConditionFields } from './field';
import { booleanOf, scalarOf } from './value';

const mostValues = 200;

export function comparisonOf(
  fields: ConditionFields,
  name: string,
  op: string,
  texts: readonly string[],
): Reading<Comparison> {
  const field = fields.get(name);
  if (field === undefined) return wrong('is not a field here', 'unknown_field', [name]);
  const operator = operators.find((known) => known === op);
  if (operator === undefined || !field.operators.includes(operator)) {
    const detail = `takes the operators ${field.operators.join(', ')}`;
    return wrong(detail, 'unknown_operator', [name, op]);
  }
  const value = valueOf(field, operator, texts);
  if (value.ok) return { ok: true, value: { field: name, op: operator, value: value.value } };
  return { ok: false, issues: value.issues.map((issue) => ({ ...issue, path: [name] })) };
}

function valueOf(
  field: ConditionField,
  op: Operator,
  texts: readonly string[],
): Reading<Scalar | readonly Scalar[]> {
  if (op === 'in' || op === 'nin') return listOf(field, texts);
  const [text, ...more] = texts;
  if (text === undefined || more.length > 0) return wrong(`takes one value with ${op}`);
  return op === 'isnull' ? booleanOf(text) : scalarOf(field, text);
}

function listOf(field: ConditionField, texts: readonly string[]): Reading<readonly Scalar[]> {
  if (texts.length === 0 || texts.length > mostValues) {
    return wrong(`takes 1 to ${mostValues} values`);
  }
  const values: Scalar[] = [];
  for (const text of texts) {
    const read = scalarOf(field, text);
    if (!read.ok) return read;
    values.push(read.value);
  }
  return { ok: true, value: values };
}
