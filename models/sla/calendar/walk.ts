/** Walks over the open stretches of a calendar. A calendar that stays closed for ten years is an Error. */
import type { Calendar } from './shape';
import { blockMs, openingOf } from './opening';
import type { Stretch } from './stretch';
import { dayMs } from './wall-time';

/** The calendar stays closed for ten years. */
export class NeverOpen extends Error {
  override name = 'NeverOpen';
}

export const tenYearsMs = 3653 * dayMs;

/** Open time from `from` on, ascending; what is open across a block boundary comes in touching pieces. */
export function* openAfter(calendar: Calendar, from: number): Generator<Stretch, void> {
  const opening = openingOf(calendar);
  if (opening.isAlways) {
    yield [from, Infinity];
    return;
  }
  let seen = from;
  for (let block = Math.floor(from / blockMs); ; block += 1) {
    for (const [start, end] of opening.blockOf(block)) {
      if (end <= from) continue;
      seen = end;
      yield [Math.max(start, from), end];
    }
    refuseIdle(calendar, seen, (block + 1) * blockMs);
  }
}

/** Open time up to `to`, descending; otherwise as `openAfter`. */
export function* openBefore(calendar: Calendar, to: number): Generator<Stretch, void> {
  const opening = openingOf(calendar);
  if (opening.isAlways) {
    yield [-Infinity, to];
    return;
  }
  let seen = to;
  for (let block = Math.floor(to / blockMs); ; block -= 1) {
    for (const [start, end] of opening.blockOf(block).toReversed()) {
      if (start >= to) continue;
      seen = start;
      yield [start, Math.min(end, to)];
    }
    refuseIdle(calendar, seen, block * blockMs);
  }
}

/**
 * Open time from `from` on as whole stretches, the first one cut at `from`.
 * One that lasts ten years counts as endless: its end is Infinity and it is the last.
 */
export function* stretchesAfter(calendar: Calendar, from: number): Generator<Stretch, void> {
  let held: Stretch | undefined;
  for (const piece of openAfter(calendar, from)) {
    if (held !== undefined && held[1] !== piece[0]) {
      yield held;
      held = undefined;
    }
    const stretch: Stretch = [held?.[0] ?? piece[0], piece[1]];
    if (stretch[1] - stretch[0] >= tenYearsMs) {
      yield [stretch[0], Infinity];
      return;
    }
    // Only what ends with its block may go on; anything else need not look further, perhaps in vain.
    held = stretch[1] % blockMs === 0 ? stretch : undefined;
    if (held === undefined) yield stretch;
  }
}

/** Throws NeverOpen when it was last open at `seen` and ten years more have been looked at. */
export function refuseIdle(calendar: Calendar, seen: number, reached: number): void {
  if (Math.abs(reached - seen) <= tenYearsMs) return;
  const [way, instant] = [reached > seen ? 'after' : 'before', new Date(seen).toISOString()];
  const rules = JSON.stringify(calendar).slice(0, 200);
  throw new NeverOpen(`The calendar never opens in the ten years ${way} ${instant}: ${rules}`);
}
