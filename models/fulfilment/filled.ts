/** Inputs of automatic tasks, with what they stand for: `{answers.laptop}`, `{results.account.id}`, `{request.number}`. */
import type { Json } from '../tickets/ticket';

/** What placeholders reach, by the first part of their path. */
export type Reach = Readonly<Record<string, Json>>;

const parts = /\{((?:answers|results|request)\.[\w.-]+)\}/g;
const whole = new RegExp(`^${parts.source}$`);

/** Members of `{request.…}`. */
export const ofRequest = ['number', 'requesterId', 'quantity', 'startDay'] as const;

/** Whether a text stands for something that is known only when its task begins. */
export function hasPlaceholder(value: unknown): value is string {
  return typeof value === 'string' && value.search(parts) !== -1;
}

/**
 * A placeholder that is the whole text becomes the value as it is; within a text it becomes words. What is
 * not there becomes null, within a text nothing: an activity's own schema says whether it can do without.
 */
export function filled(input: Json, reach: Reach): Json {
  if (typeof input === 'string') return filledText(input, reach);
  if (Array.isArray(input)) return (input as readonly Json[]).map((one) => filled(one, reach));
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).map(([name, one]) => [name, filled(one, reach)]));
}

/** Paths of the placeholders in it, e.g. `answers.laptop`, in the order in which they stand. */
export function placeholdersIn(input: Json): string[] {
  if (typeof input === 'string') return [...input.matchAll(parts)].map(([, path = '']) => path);
  if (typeof input !== 'object' || input === null) return [];
  return Object.values(input).flatMap(placeholdersIn);
}

function filledText(text: string, reach: Reach): Json {
  const [, only] = whole.exec(text) ?? [];
  if (only !== undefined) return valueAt(only, reach);
  return text.replace(parts, (_, path: string) => wordsOf(valueAt(path, reach)));
}

function valueAt(path: string, reach: Reach): Json {
  let value: Json = reach;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Readonly<Record<string, Json>>)[part] ?? null;
  }
  return value;
}

function wordsOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
