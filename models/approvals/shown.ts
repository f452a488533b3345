/** What approvers are shown, and by what an answer is bound to it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../tickets/ticket';

/** By name: `{ plan: '...', cost: 1200, window: { start, end } }`. */
const value: z.ZodType<Json> = z.json();
export const Shown = z.record(z.string().min(1).max(60), value);
export type Shown = Readonly<z.infer<typeof Shown>>;

export interface Difference {
  readonly name: string;
  readonly from: Json;
  readonly to: Json;
}

/** SHA-256 over names and values, hexadecimal; the order of names does not count. */
export function hashOf(shown: Shown): string {
  return createHash('sha256').update(canonical(shown)).digest('hex');
}

/** What is no longer as it was, by name; what is not there is null. */
export function differencesBetween(before: Shown, after: Shown): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, from: before[name] ?? null, to: after[name] ?? null }))
    .filter(({ from, to }) => canonical(from) !== canonical(to));
}

/** JSON with the names of every object in order. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function isRecord(value: Json): value is Shown {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
