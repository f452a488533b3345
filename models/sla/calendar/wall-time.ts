/** Local times of a zone as instants, right on the days on which the zone changes its offset. */
import { IANAZone } from 'luxon';

export const dayMs = 86_400_000;

/** A local date and time, as the milliseconds it would be in UTC, to the instant in milliseconds. */
export type WallClock = (wall: number) => number;

export interface ZoneTime {
  /**
   * The first instant at which the zone's clock shows the local time or a later one. So a time that does
   * not exist is the end of its gap and a repeated one is its first occurrence.
   */
  readonly clock: WallClock;
  /** Whether the offset is the same from midnight to midnight of these days in UTC, by number from 1970. */
  readonly isSteady: (first: number, last: number) => boolean;
}

// A zone's offsets never change while the process runs, and asking for one takes about 10 µs.
const zones = new Map<string, ZoneTime>();

/** The wall clock of a zone; an Error for an unknown one. */
export function wallClockOf(timezone: string): WallClock {
  return zoneTimeOf(timezone).clock;
}

/** What is known of a zone; an Error for an unknown one. */
export function zoneTimeOf(timezone: string): ZoneTime {
  const known = zones.get(timezone) ?? zoneTime(timezone);
  zones.set(timezone, known);
  return known;
}

function zoneTime(timezone: string): ZoneTime {
  const { offsetOn, changeOn } = offsetsOf(timezone);
  const clock = (wall: number) => {
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
  const isSteady = (first: number, last: number) => {
    for (let day = first; day < last; day += 1)
      if (offsetOn(day) !== offsetOn(day + 1)) return false;
    return true;
  };
  return { clock, isSteady };
}

/** By number of the UTC day: the offset at its midnight, and the instant of the change within it. */
function offsetsOf(timezone: string) {
  const zone = IANAZone.create(timezone);
  if (!zone.isValid) throw new Error(`${timezone} is not a time zone`);
  const offsetAt = (ms: number) => Math.round(zone.offset(ms) * 60_000);
  const offsetOn = rememberedInPeriods((day) => offsetAt(day * dayMs));
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

const periodDays = 28;

/** Nearly all periods have one value: kept as that, so that a century of a zone takes little memory. */
function rememberedInPeriods(compute: (day: number) => number): (day: number) => number {
  const known = new Map<number, number | readonly number[]>();
  const valuesOf = (period: number) => {
    const days = Array.from({ length: periodDays }, (_, n) => compute(period * periodDays + n));
    const [first = 0] = days;
    return days.every((value) => value === first) ? first : days;
  };
  return (day) => {
    const period = Math.floor(day / periodDays);
    const values = known.get(period) ?? valuesOf(period);
    known.set(period, values);
    return typeof values === 'number' ? values : (values[day - period * periodDays] ?? 0);
  };
}
