/**
 * How the parts of the stack end, and in which order: first nobody gets in, then nothing is in
 * work, then the stores close. Together the bounds stay under 20 seconds.
 */
import { type Farewell } from './process-identity';

export const farewells = {
  API: { signal: 'SIGTERM', withinMs: 5000 },
  worker: { signal: 'SIGTERM', withinMs: 7000 },
  // "Fast": sessions are ended, the rest is written. SIGTERM would wait for every session.
  PostgreSQL: { signal: 'SIGINT', withinMs: 4000 },
  Temporal: { signal: 'SIGTERM', withinMs: 3000 },
} as const satisfies Record<string, Farewell>;

export const closingOrder: readonly string[] = Object.keys(farewells);

/** The farewell of a program by name (`API`, `API 2`); an unknown one gets a short one. */
export function farewellOf(name: string): Farewell {
  const known: Readonly<Record<string, Farewell>> = farewells;
  const [kind = name] = name.split(' ');
  return known[kind] ?? { signal: 'SIGTERM', withinMs: 2000 };
}
