/** The rules of a calendar, ready to be asked: which hours a date has, and by which rule. */
import { weekdays, type Calendar, type Span } from './shape';
import { inside, lengthOf, merged, type Stretch } from './stretch';
import { dayMs, zoneTimeOf, type ZoneTime } from './wall-time';

export interface Rules extends ZoneTime {
  /** Local time of day, in milliseconds, by weekday from Monday or by date. */
  readonly weekly: readonly (readonly Stretch[])[];
  readonly overrides: ReadonlyMap<string, readonly Stretch[]>;
  readonly breaks: ReadonlyMap<string, readonly Stretch[]>;
  readonly holidays: ReadonlySet<string>;
  /** `MM-DD`. */
  readonly yearlyHolidays: ReadonlySet<string>;
  /** Absolute, ascending, apart from each other. */
  readonly closures: readonly Stretch[];
}

/** What gives a date its hours; a holiday gives it none. */
export type DayRule = 'weekly' | 'override' | 'holiday' | 'yearlyHoliday';

export interface Hours {
  readonly rule: DayRule;
  readonly spans: readonly Stretch[];
}

export function rulesOf(calendar: Calendar): Rules {
  const { timezone, weekly, holidays = [], yearlyHolidays = [], closures = [] } = calendar;
  return {
    ...zoneTimeOf(timezone),
    weekly: weekdays.map((day) => stretchesOf(weekly[day] ?? [])),
    overrides: byDate(calendar.overrides ?? {}),
    breaks: byDate(calendar.breaks ?? {}),
    holidays: new Set(holidays),
    yearlyHolidays: new Set(yearlyHolidays),
    closures: merged(closures.map(([from, to]) => [Date.parse(from), Date.parse(to)])),
  };
}

/** `YYYY-MM-DD` of a day by its number from 1 January 1970. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The hours of a day by its number, in local time from its midnight, breaks and closures aside. */
export function hoursOf(day: number, date: string, rules: Rules): Hours {
  const override = rules.overrides.get(date);
  if (override !== undefined) return { rule: 'override', spans: override };
  if (rules.holidays.has(date)) return { rule: 'holiday', spans: [] };
  if (rules.yearlyHolidays.has(date.slice(5))) return { rule: 'yearlyHoliday', spans: [] };
  // 1 January 1970 was a Thursday; before it the remainder is negative, which `at` counts from Sunday.
  return { rule: 'weekly', spans: rules.weekly.at((day + 3) % 7) ?? [] };
}

/** Local times of one date, in milliseconds from its midnight. */
export function stretchesOf(spans: readonly Span[]): Stretch[] {
  return merged(spans.map(stretchOf));
}

export function stretchOf([opening, closing]: Span): Stretch {
  const [from, to] = [timeOfDay(opening), timeOfDay(closing)];
  return [from, to > from ? to : to + dayMs];
}

/** Working time of a week without exceptions and without a change of offset, in milliseconds. */
export function weeklyMs({ weekly }: Pick<Rules, 'weekly'>): number {
  // What runs out of the week at its end runs into it at its beginning.
  const week = [-7, 0].flatMap((start) =>
    weekly.flatMap((hours, index) =>
      hours.map(([from, to]): Stretch => {
        const midnight = (start + index) * dayMs;
        return [midnight + from, midnight + to];
      }),
    ),
  );
  return lengthOf(inside(merged(week), [0, 7 * dayMs]));
}

export function isRoundTheClock(rules: Rules): boolean {
  const { weekly, overrides, breaks, holidays, yearlyHolidays, closures } = rules;
  const dates = overrides.size + breaks.size + holidays.size + yearlyHolidays.size;
  return (
    dates + closures.length === 0 &&
    weekly.every((hours) => hours.some(([from, to]) => from === 0 && to >= dayMs))
  );
}

function byDate(spans: Readonly<Record<string, readonly Span[]>>) {
  return new Map(Object.entries(spans).map(([date, hours]) => [date, stretchesOf(hours)]));
}

function timeOfDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;
}
