/** Local times of a zone as instants, right on the days on which the zone changes its offset. */
import { IANAZone } from 'luxon';

export const dayMs = 86_400_000;

/** A local date and time, as the milliseconds it would be in UTC, to the instant in milliseconds. */
export type WallClock = (wall: number) => number;

// A zone's offsets never change while the process runs, and asking for one takes about 10 µs.
const clocks = new Map<string, WallClock>();

/**
 * The wall clock of a zone: the first instant at which it shows the local time or a later one.
 * So a time that does not exist is the end of its gap and a repeated one is its first occurrence.
 * Throws an Error for an unknown zone.
 */
export function wallClockOf(timezone: string): WallClock {
  const clock = clocks.get(timezone) ?? wallClock(timezone);
  clocks.set(timezone, clock);
  return clock;
}

function wallClock(timezone: string): WallClock {
  const { offsetOn, changeOn } = offsetsOf(timezone);
  return (wall) => {
    // Offsets are between -12 and +15 hours: the instant lies from yesterday to tomorrow in UTC.
    const today = Math.floor(wall / dayMs);
    let since = -Infinity;
    for (let day = today - 1; day <= today + 1; day += 1) {
      const offset = offsetOn(day);
      if (offset === offsetOn(day + 1)) continue;
      const change = changeOn(day);
      if (wall - offset < change) return Math.max(since, wall - offset);
      since = change;
    }
    return Math.max(since, wall - offsetOn(today + 2));
  };
}

/** By number of the UTC day: the offset at its midnight, and the instant of the change within it. */
function offsetsOf(timezone: string) {
  const zone = IANAZone.create(timezone);
  if (!zone.isValid) throw new Error(`${timezone} is not a time zone`);
  const offsetAt = (ms: number) => Math.round(zone.offset(ms) * 60_000);
  const offsetOn = remembered((day) => offsetAt(day * dayMs));
  const changeOn = remembered((day) => {
    let before = day * dayMs;
    let after = before + dayMs;
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2000) * 1000;
      if (offsetAt(middle) === offsetOn(day)) before = middle;
      else after = middle;
    }
    return after;
  });
  return { offsetOn, changeOn };
}

function remembered(compute: (day: number) => number): (day: number) => number {
  const known = new Map<number, number>();
  return (day) => {
    const value = known.get(day) ?? compute(day);
    known.set(day, value);
    return value;
  };
}
