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

function referenceOf(text: string, field: ConditionField): Reading<string> {
  const words = wordsOf(field);
  if (words.includes(text) || uuid.test(text)) return fits(text);
  return wrong(`must be ${['an id', ...words].join(', ').replace(/, (\w+)$/, ' or $1')}`);
}

/** The words that a reference takes in place of an id. */
export function wordsOf({ isIdOnly = false, refersTo }: ConditionField): readonly string[] {
  if (isIdOnly || refersTo === 'thing') return [];
  if (refersTo === undefined) return [me, myTeams];
  return refersTo === 'person' ? [me] : [myTeams];
}

/** A length of time from now, backwards with a minus, in ISO 8601: `-P7D`, `PT4H`; `now` is no time at all. */
export interface FromNow {
  readonly isBefore: boolean;
  /** As PostgreSQL reads an interval. */
  readonly length: string;
}

const fromNow =
  /^(-?)(P(?=[\dT])(?:\d{1,3}W|(?:\d{1,2}Y)?(?:\d{1,3}M)?(?:\d{1,4}D)?(?:T(?=\d)(?:\d{1,4}H)?(?:\d{1,4}M)?)?))$/;

/** Undefined: the text is an instant of its own. */
export function fromNowOf(text: string): FromNow | undefined {
  if (text === 'now') return { isBefore: false, length: 'PT0S' };
  const [, sign, length] = fromNow.exec(text) ?? [];
  return length === undefined ? undefined : { isBefore: sign === '-', length };
}

/** A date alone is its first moment in UTC. */
function instantOf(text: string, { isRelative = false }: ConditionField): Reading<string> {
  if (isRelative && fromNowOf(text) !== undefined) return fits(text);
  const ms = instant.test(text) ? Date.parse(text) : NaN;
  const iso = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  return storedYear.test(iso)
    ? fits(iso)
    : wrong(
        'must be an instant such as 2026-11-23T09:30:00Z (write + as %2B)' +
          (isRelative ? ', or as seen from now such as -P7D' : ''),
      );
}

function fits<T extends Scalar>(value: T): Reading<T> {
  return { ok: true, value };
}
