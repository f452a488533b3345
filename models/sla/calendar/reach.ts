/** Sums of working time over whole blocks of 28 days, so that years are not walked opening by opening. */
import { blockMs, openingOf, type Opening } from './opening';
import type { Calendar } from './shape';
import { inside, lengthOf, type Stretch } from './stretch';
import { refuseIdle } from './walk';
import { dayMs } from './wall-time';

const centuryMs = 36_525 * dayMs;

/**
 * The instant at which `ms`, more than 0, have been worked since `start`. A RangeError beyond a hundred
 * years, NeverOpen when the calendar stays closed for ten.
 */
export function reachedAfter(calendar: Calendar, start: number, ms: number): number {
  const opening = openingOf(calendar);
  if (opening.isAlways) return start + ms;
  let left = ms;
  let seen = start;
  for (let block = Math.floor(start / blockMs); ; block += 1) {
    const end = (block + 1) * blockMs;
    for (const { from, to, openMs } of piecesOf(opening, block, [start, Infinity], left)) {
      if (openMs >= left) return from + left;
      left -= openMs;
      seen = to;
    }
    refuseIdle(calendar, seen, end);
    if (end - start > centuryMs) throw tooFar();
  }
}

/** The same back from `start`. */
export function reachedBefore(calendar: Calendar, start: number, ms: number): number {
  const opening = openingOf(calendar);
  if (opening.isAlways) return start - ms;
  let left = ms;
  let seen = start;
  for (let block = Math.floor(start / blockMs); ; block -= 1) {
    const begin = block * blockMs;
    const pieces = piecesOf(opening, block, [-Infinity, start], left);
    for (const { from, to, openMs } of pieces.toReversed()) {
      if (openMs >= left) return to - left;
      left -= openMs;
      seen = from;
    }
    refuseIdle(calendar, seen, begin);
    if (start - begin > centuryMs) throw tooFar();
  }
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly openMs: number;
}

/** The openings of a block in a frame; all in one piece where less than `left` is open in the whole block. */
function piecesOf(
  { blockOf, openMsIn }: Opening,
  block: number,
  frame: Stretch,
  left: number,
): Piece[] {
  const [from, to] = [block * blockMs, (block + 1) * blockMs];
  if (frame[0] <= from && to <= frame[1] && openMsIn(block) < left) {
    const openMs = openMsIn(block);
    return openMs === 0 ? [] : [{ from, to, openMs }];
  }
  return inside(blockOf(block), frame).map(([start, end]) => {
    return { from: start, to: end, openMs: end - start };
  });
}

/** Milliseconds worked in [start, end), which are in this order. A RangeError beyond a hundred years. */
export function workedMs(calendar: Calendar, start: number, end: number): number {
  const { isAlways, blockOf, openMsIn } = openingOf(calendar);
  if (isAlways) return end - start;
  if (end - start > centuryMs) throw tooFar();
  let ms = 0;
  for (let block = Math.floor(start / blockMs); block * blockMs < end; block += 1) {
    const isWhole = block * blockMs >= start && (block + 1) * blockMs <= end;
    ms += isWhole ? openMsIn(block) : lengthOf(inside(blockOf(block), [start, end]));
  }
  return ms;
}

export function tooFar(): RangeError {
  return new RangeError('Working time is not counted over more than a hundred years.');
}
