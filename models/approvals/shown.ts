/** What approvers are shown, and by what an answer is bound to it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../tickets/ticket';

/** Deeper than anybody reads; what is nested without end would break whoever walks through it. */
const deepest = 20;

/** By name: `{ plan: '...', cost: 1200, window: { start, end } }`. */
const value: z.ZodType<Json> = z
  .unknown()
  .refine((given) => isShallow(given, deepest), { message: 'is nested too deep', abort: true })
  .pipe(z.json());
export const Shown = z.record(z.string().min(1).max(60), value);
export type Shown = Readonly<z.infer<typeof Shown>>;

export interface Difference {
  readonly name: string;
  readonly from: Json;
  readonly to: Json;
}

/** SHA-256 over names and values, hexadecimal; neither the order of names counts nor what is null. */
export function hashOf(shown: Shown): string {
  const there = Object.entries(shown).filter(([, value]) => value !== null);
  return createHash('sha256')
    .update(canonical(Object.fromEntries(there)))
    .digest('hex');
}

/** What is no longer as it was, by name; what is not there is null. Empty exactly when the hashes are equal. */
export function differencesBetween(before: Shown, after: Shown): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, from: valueOf(before, name), to: valueOf(after, name) }))
    .filter(({ from, to }) => canonical(from) !== canonical(to));
}

/** Names come from outside: `constructor` is there only when somebody has given it. */
function valueOf(shown: Shown, name: string): Json {
  return Object.hasOwn(shown, name) ? (shown[name] ?? null) : null;
}

/** JSON with the names of every object in order. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function isShallow(given: unknown, levels: number): boolean {
  if (typeof given !== 'object' || given === null) return true;
  return levels > 0 && Object.values(given).every((inner) => isShallow(inner, levels - 1));
}

function isRecord(value: Json): value is Shown {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
