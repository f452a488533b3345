/**
 * `state=in=(new,assigned);priority=le=P2,assignee==me`: `;` is and, `,` is or, `;` binds tighter,
 * parentheses group, quotes hold any text. Operators: == != =lt= =le= =gt= =ge= =in= =out= =isnull=
 * and < <= > >=.
 */
import { comparisonOf } from './comparison';
import { wrong, type Condition, type Operator, type Reading } from './condition';
import type { ConditionFields } from './field';
import { tokensOf, type Token } from './rsql-token';

const deepest = 10;
const mostComparisons = 50;

const spellings: Readonly<Record<string, Operator>> = {
  '==': 'eq',
  '!=': 'ne',
  '=lt=': 'lt',
  '<': 'lt',
  '=le=': 'lte',
  '<=': 'lte',
  '=gt=': 'gt',
  '>': 'gt',
  '=ge=': 'gte',
  '>=': 'gte',
  '=in=': 'in',
  '=out=': 'nin',
  '=isnull=': 'isnull',
};

/** Where a reader is in the tokens. */
interface Place {
  readonly fields: ConditionFields;
  readonly tokens: readonly Token[];
  next: number;
  comparisons: number;
}

/** Reads a whole string; the first thing that is wrong is reported with its position. */
export function readRsql(fields: ConditionFields, text: string): Reading<Condition> {
  const tokens = tokensOf(text);
  if ('strayAt' in tokens) return stray(tokens.strayAt, 'a field, a value or an operator');
  const place: Place = { fields, tokens, next: 0, comparisons: 0 };
  const condition = alternatives(place, 0);
  const rest = tokens[place.next];
  if (condition.ok && rest !== undefined) return stray(rest.at, '; or , or the end');
  return condition;
}

function alternatives(place: Place, depth: number): Reading<Condition> {
  const parts = series(place, ',', () => requirements(place, depth));
  return parts.ok ? one(parts.value, (or) => ({ or })) : parts;
}

function requirements(place: Place, depth: number): Reading<Condition> {
  const parts = series(place, ';', () => term(place, depth));
  return parts.ok ? one(parts.value, (and) => ({ and })) : parts;
}

function term(place: Place, depth: number): Reading<Condition> {
  if (!take(place, '(')) return comparison(place);
  if (depth >= deepest) return wrong(`has more than ${deepest} levels of parentheses`);
  const inner = alternatives(place, depth + 1);
  return !inner.ok || take(place, ')') ? inner : expected(place, ')');
}

function comparison(place: Place): Reading<Condition> {
  const [field, operator] = place.tokens.slice(place.next, place.next + 2);
  if (field?.kind !== 'word' || field.quoted) return expected(place, 'a field');
  place.next += 1;
  if (operator?.kind !== 'operator') return expected(place, 'an operator');
  const op = spellings[operator.text];
  if (op === undefined) return expected(place, `one of ${Object.keys(spellings).join(' ')}`);
  place.next += 1;
  place.comparisons += 1;
  if (place.comparisons > mostComparisons) {
    return wrong(`has more than ${mostComparisons} comparisons`);
  }
  const texts = values(place, op === 'in' || op === 'nin');
  if (!texts.ok) return texts;
  const read = comparisonOf(place.fields, field.text, op, texts.value);
  return read.ok ? read : wrongAt(field, read);
}

/** `(a,b)`, or one value; only lists may be in parentheses. */
function values(place: Place, isList: boolean): Reading<readonly string[]> {
  if (!isList || !take(place, '(')) {
    const single = value(place);
    return single.ok ? { ok: true, value: [single.value] } : single;
  }
  const list = series(place, ',', () => value(place));
  return !list.ok || take(place, ')') ? list : expected(place, ')');
}

function value(place: Place): Reading<string> {
  const token = place.tokens[place.next];
  if (token?.kind !== 'word') return expected(place, 'a value');
  place.next += 1;
  return { ok: true, value: token.text };
}

/** One or more of the same, with a mark between them. */
function series<T>(place: Place, mark: string, read: () => Reading<T>): Reading<readonly T[]> {
  const parts: T[] = [];
  do {
    const part = read();
    if (!part.ok) return part;
    parts.push(part.value);
  } while (take(place, mark));
  return { ok: true, value: parts };
}

function one(
  parts: readonly Condition[],
  join: (parts: readonly Condition[]) => Condition,
): Reading<Condition> {
  const [first, ...more] = parts;
  return { ok: true, value: first !== undefined && more.length === 0 ? first : join(parts) };
}

function take(place: Place, mark: string): boolean {
  const token = place.tokens[place.next];
  if (token?.kind !== 'mark' || token.text !== mark) return false;
  place.next += 1;
  return true;
}

function expected(place: Place, what: string) {
  const token = place.tokens[place.next];
  return token === undefined ? wrong(`ends where ${what} should be`) : stray(token.at, what);
}

function stray(at: number, what: string) {
  return wrong(`at character ${at + 1}: expected ${what}`);
}

/** In one string there is no pointer to a field, so the text names it. */
function wrongAt(field: Token, read: Extract<Reading<unknown>, { ok: false }>) {
  const [issue] = read.issues;
  const detail = `at character ${field.at + 1}: ${field.text} ${issue?.detail ?? 'is wrong'}`;
  return wrong(detail, issue?.code);
}
