/** A calendar compiled to stretches of absolute time, in blocks of 28 days and each block once. */
import type { Calendar } from './shape';
import { dateOf, hoursOf, isRoundTheClock, rulesOf, weeklyMs, type Rules } from './rules';
import { inside, lengthOf, merged, without, type Stretch } from './stretch';
import { dayMs, type WallClock } from './wall-time';

const blockDays = 28;
export const blockMs = blockDays * dayMs;

export interface Opening {
  readonly rules: Rules;
  readonly isAlways: boolean;
  /** The open stretches of one block, ascending, apart from each other. */
  readonly blockOf: (block: number) => readonly Stretch[];
  /** How long they are together. Most blocks are four usual weeks and need not be compiled for it. */
  readonly openMsIn: (block: number) => number;
}

/** More stretches were to be compiled than a reader who is bounded may ask for. */
export class TooMuchToRead extends RangeError {
  override name = 'TooMuchToRead';
}

const openings = new WeakMap<Calendar, Opening>();

/** The opening of a calendar; the same object is compiled once and must not be altered afterwards. */
export function openingOf(calendar: Calendar): Opening {
  const known = openings.get(calendar);
  if (known !== undefined) return known;
  const opening = compile(calendar, Infinity);
  openings.set(calendar, opening);
  return opening;
}

/**
 * The same calendar as another object, of which no more than `most` stretches are ever compiled: functions
 * that need more throw TooMuchToRead.
 */
export function bounded(calendar: Calendar, most: number): Calendar {
  const copy = { ...calendar };
  openings.set(copy, compile(copy, most));
  return copy;
}

function compile(calendar: Calendar, most: number): Opening {
  const rules = rulesOf(calendar);
  let read = 0;
  const blockOf = remembered((block) => {
    if (read > most) throw new TooMuchToRead(`It reads more than ${most} openings.`);
    const stretches = openIn(frameOf(block), rules);
    read += stretches.length;
    return stretches;
  });
  const usualMs = (blockDays / 7) * weeklyMs(rules);
  const isUsual = usualBlocksOf(rules);
  const openMsIn = remembered((block) => (isUsual(block) ? usualMs : lengthOf(blockOf(block))));
  return { rules, isAlways: isRoundTheClock(rules), blockOf, openMsIn };
}

function remembered<T>(compute: (block: number) => T): (block: number) => T {
  const known = new Map<number, T>();
  return (block) => {
    const value = known.get(block) ?? compute(block);
    known.set(block, value);
    return value;
  };
}

function frameOf(block: number): Stretch {
  return [block * blockMs, (block + 1) * blockMs];
}

/** The days whose hours and breaks may lie in a frame, by their number; the last one included. */
function daysOf([from, to]: Stretch): readonly [first: number, last: number] {
  // Two days early: a span may end almost two days after its midnight, up to 12 hours later in UTC.
  return [from / dayMs - 2, to / dayMs];
}

function openIn(frame: Stretch, rules: Rules): readonly Stretch[] {
  const open: Stretch[] = [];
  const gaps: Stretch[] = inside(rules.closures, frame);
  const [first, last] = daysOf(frame);
  for (let day = first; day <= last; day += 1) {
    const date = dateOf(day);
    open.push(...onDay(day, hoursOf(day, date, rules).spans, rules.clock));
    gaps.push(...onDay(day, rules.breaks.get(date) ?? [], rules.clock));
  }
  return inside(without(merged(open), merged(gaps)), frame);
}

/** These local times of a day as absolute ones. */
export function onDay(day: number, hours: readonly Stretch[], clock: WallClock): Stretch[] {
  return hours.map(([from, to]) => [clock(day * dayMs + from), clock(day * dayMs + to)]);
}

/** Whether a block has neither an exception from the weekly hours nor a change of offset. */
function usualBlocksOf(rules: Rules): (block: number) => boolean {
  const { overrides, breaks, holidays, yearlyHolidays, closures } = rules;
  const exceptions = new Set([...overrides.keys(), ...breaks.keys(), ...holidays]);
  return (block) => {
    const frame = frameOf(block);
    if (inside(closures, frame).length > 0) return false;
    const [first, last] = daysOf(frame);
    // A day more at either end: a local day lies up to 15 hours beside that of UTC.
    if (!rules.isSteady(first - 1, last + 2)) return false;
    for (let day = first; day <= last; day += 1) {
      const date = dateOf(day);
      if (exceptions.has(date) || yearlyHolidays.has(date.slice(5))) return false;
    }
    return true;
  };
}
