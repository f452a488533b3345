/** How much somebody has to do, so that it can be compared. */
import type { Priority } from '../tickets/ticket';
import type { Candidate, OpenTickets } from './shape';

/**
 * What an open ticket weighs: how many times a P5 would fit into the time in which it is promised to be
 * solved by default (models/sla/defaults.ts): 80 hours over 4, 8, 24, 40 and 80, in whole numbers so that
 * loads compare exactly. One without a priority weighs as much as the middle one.
 */
const weights: Readonly<Record<Priority | 'none', number>> = {
  P1: 20,
  P2: 10,
  P3: 3,
  P4: 2,
  P5: 1,
  none: 3,
};

export function weightOf(priority: Priority | null): number {
  return weights[priority ?? 'none'];
}

/** How many tickets. */
export function countOf(open: OpenTickets): number {
  return Object.values(open).reduce((sum, count) => sum + count, 0);
}

/** What they weigh together. */
export function loadOf(open: OpenTickets): number {
  const kinds = Object.keys(weights) as (keyof typeof weights)[];
  return kinds.reduce((sum, kind) => sum + weights[kind] * (open[kind] ?? 0), 0);
}

/** At capacity nobody takes more, however light. */
export function hasRoom({ capacity, open }: Pick<Candidate, 'capacity' | 'open'>): boolean {
  return capacity === null || countOf(open) < capacity;
}

/**
 * What a load is relative to: somebody without a limit takes as much as whoever takes most of the team. In a
 * team without limits loads stand for themselves.
 */
export function scaleOf(candidates: readonly Pick<Candidate, 'capacity'>[]): number {
  return Math.max(1, ...candidates.map(({ capacity }) => capacity ?? 1));
}
