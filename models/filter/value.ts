/** The text of a filter value as what it means for its field. */
import { wrong, type Reading, type Scalar } from './condition';
import type { ConditionField, FieldType } from './field';

/** Words that a reference takes in place of an id; they are resolved when the query is compiled. */
export const me = 'me';
export const myTeams = 'myTeams';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const instant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
/** 0001 to 9999: PostgreSQL reads no other year in this form. */
const storedYear = /^(?!0000)\d{4}-/;
const whole = /^-?\d{1,15}$/;
const decimal = /^-?\d{1,15}(\.\d{1,9})?$/;
const longestText = 500;

export function scalarOf(field: ConditionField, text: string): Reading<Scalar> {
  return readers[field.type](text, field);
}

const readers: Readonly<
  Record<FieldType, (text: string, field: ConditionField) => Reading<Scalar>>
> = {
  enum: (text, { values }) =>
    values.includes(text) ? fits(text) : wrong(`must be one of ${values.join(', ')}`),
  reference: referenceOf,
  instant: instantOf,
  boolean: booleanOf,
  integer: (text) => (whole.test(text) ? fits(Number(text)) : wrong('must be a whole number')),
  number: (text) => (decimal.test(text) ? fits(Number(text)) : wrong('must be a number')),
  text: (text) =>
    text.length <= longestText ? fits(text) : wrong(`must have at most ${longestText} characters`),
};

export function booleanOf(text: string): Reading<boolean> {
  return text === 'true' || text === 'false'
    ? fits(text === 'true')
    : wrong('must be true or false');
}

function referenceOf(text: string, { isIdOnly = false }: ConditionField): Reading<string> {
  const isWord = !isIdOnly && (text === me || text === myTeams);
  if (isWord || uuid.test(text)) return fits(text);
  return wrong(isIdOnly ? 'must be an id' : `must be an id, ${me} or ${myTeams}`);
}

/** A date alone is its first moment in UTC. */
function instantOf(text: string): Reading<string> {
  const ms = instant.test(text) ? Date.parse(text) : NaN;
  const iso = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  return storedYear.test(iso)
    ? fits(iso)
    : wrong('must be an instant such as 2026-11-23T09:30:00Z (write + as %2B)');
}

function fits<T extends Scalar>(value: T): Reading<T> {
  return { ok: true, value };
}
