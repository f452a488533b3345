/** What is peculiar about an incident, to say why its mark is not what the clock says. Pure. */
import { msOf } from '../../../models/instant';
import type { MarkedIncident, Turn } from './incident';

export type Trait = readonly [name: string, holds: (incident: MarkedIncident) => boolean];

/** It mostly closes five days after resolution, by itself. */
const lateCloseMs = 6 * 86_400_000;

/** In the order in which they are given as a reason. */
export const traits: readonly Trait[] = [
  ['lacks `resolved_at`', ({ resolvedAt }) => resolvedAt === null],
  ['closed again later', (one) => one.closedAt !== one.firstClosedAt],
  ['rows out of order', ({ turns }) => turns.some((one, at) => one.line < lineOf(turns[at - 1]))],
  [
    'reopened',
    ({ turns }) =>
      turns.some(({ place }, at) => !isEnd(place) && isEnd(turns[at - 1]?.place ?? place)),
  ],
  ['priority changed', (one) => one.turns.some(({ priority }) => priority !== one.priority)],
  ['waited for somebody', ({ turns }) => turns.some(({ place }) => place.startsWith('hold:'))],
  [
    'closed more than six days after `resolved_at`',
    ({ resolvedAt: from, firstClosedAt: to }) =>
      from !== null && to !== null && msOf(to) - msOf(from) > lateCloseMs,
  ],
];

/** Of the mark and the instants; they are counted, and no reason. */
export const observations: readonly Trait[] = [
  ['all', () => true],
  ['marked met by the first row', ({ turns }) => turns[0]?.isMet === true],
  ['marked met by the last row', ({ isMet }) => isMet],
  [
    'mark changes elsewhere than in the first row that closes',
    ({ turns, firstClosedAt }) =>
      turns.some(
        ({ isMet, at }, index) =>
          isMet !== (turns[index - 1]?.isMet ?? isMet) && at !== firstClosedAt,
      ),
  ],
  ['first row before `opened_at`', ({ turns, openedAt }) => (turns[0]?.at ?? openedAt) < openedAt],
  ['`resolved_at` before `opened_at`', (one) => (one.resolvedAt ?? one.openedAt) < one.openedAt],
];

const lineOf = (turn: Turn | undefined): number => turn?.line ?? 0;

export function isEnd(place: Turn['place']): boolean {
  return place === 'resolved' || place === 'closed' || place === 'cancelled';
}
