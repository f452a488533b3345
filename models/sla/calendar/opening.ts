/** A calendar compiled to stretches of absolute time, in blocks of 28 days and each block once. */
import { weekdays, type Calendar, type Span } from './shape';
import { inside, merged, without, type Stretch } from './stretch';
import { dayMs, wallClockOf, type WallClock } from './wall-time';

export const blockMs = 28 * dayMs;

/** `blockOf` gives the open stretches of one block, ascending, apart from each other. */
export interface Opening {
  readonly isAlways: boolean;
  readonly blockOf: (block: number) => readonly Stretch[];
}

interface Rules {
  readonly clock: WallClock;
  /** Local time of day, in milliseconds, by weekday from Monday or by date. */
  readonly weekly: readonly (readonly Stretch[])[];
  readonly overrides: ReadonlyMap<string, readonly Stretch[]>;
  readonly breaks: ReadonlyMap<string, readonly Stretch[]>;
  /** `YYYY-MM-DD` and `MM-DD`. */
  readonly holidays: ReadonlySet<string>;
  readonly closures: readonly Stretch[];
}

const openings = new WeakMap<Calendar, Opening>();

/** The opening of a calendar; the same object is compiled once and must not be altered afterwards. */
export function openingOf(calendar: Calendar): Opening {
  const known = openings.get(calendar);
  if (known !== undefined) return known;
  const opening = compile(calendar);
  openings.set(calendar, opening);
  return opening;
}

function compile(calendar: Calendar): Opening {
  const rules = rulesOf(calendar);
  const blocks = new Map<number, readonly Stretch[]>();
  const isAlways = isRoundTheClock(rules);
  const blockOf = (block: number) => {
    const stretches = blocks.get(block) ?? openIn(frameOf(block), rules);
    blocks.set(block, stretches);
    return stretches;
  };
  return { isAlways, blockOf };
}

function rulesOf(calendar: Calendar): Rules {
  const { timezone, weekly, holidays = [], yearlyHolidays = [], closures = [] } = calendar;
  return {
    clock: wallClockOf(timezone),
    weekly: weekdays.map((day) => stretchesOf(weekly[day] ?? [])),
    overrides: byDate(calendar.overrides ?? {}),
    breaks: byDate(calendar.breaks ?? {}),
    holidays: new Set([...holidays, ...yearlyHolidays]),
    closures: merged(closures.map(([from, to]) => [Date.parse(from), Date.parse(to)])),
  };
}

function byDate(spans: Readonly<Record<string, readonly Span[]>>) {
  return new Map(Object.entries(spans).map(([date, hours]) => [date, stretchesOf(hours)]));
}

function stretchesOf(spans: readonly Span[]): Stretch[] {
  return merged(
    spans.map(([opening, closing]) => {
      const [from, to] = [timeOfDay(opening), timeOfDay(closing)];
      return [from, to > from ? to : to + dayMs];
    }),
  );
}

function timeOfDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;
}

function isRoundTheClock({ weekly, overrides, breaks, holidays, closures }: Rules): boolean {
  const exceptions = overrides.size + breaks.size + holidays.size + closures.length;
  return (
    exceptions === 0 &&
    weekly.every((hours) => hours.some(([from, to]) => from === 0 && to >= dayMs))
  );
}

function frameOf(block: number): Stretch {
  return [block * blockMs, (block + 1) * blockMs];
}

function openIn(frame: Stretch, rules: Rules): readonly Stretch[] {
  const open: Stretch[] = [];
  const gaps: Stretch[] = inside(rules.closures, frame);
  // Two days early: a span may end almost two days after its midnight, up to 12 hours later in UTC.
  for (let day = frame[0] / dayMs - 2; day <= frame[1] / dayMs; day += 1) {
    const date = new Date(day * dayMs).toISOString().slice(0, 10);
    open.push(...onDay(day, hoursOf(date, day, rules), rules.clock));
    gaps.push(...onDay(day, rules.breaks.get(date) ?? [], rules.clock));
  }
  return inside(without(merged(open), merged(gaps)), frame);
}

function hoursOf(date: string, day: number, rules: Rules): readonly Stretch[] {
  const { overrides, holidays, weekly } = rules;
  const override = overrides.get(date);
  if (override !== undefined) return override;
  if (holidays.has(date) || holidays.has(date.slice(5))) return [];
  // 1 January 1970 was a Thursday; before it the remainder is negative, which `at` counts from Sunday.
  return weekly.at((day + 3) % 7) ?? [];
}

function onDay(day: number, hours: readonly Stretch[], clock: WallClock): Stretch[] {
  return hours.map(([from, to]) => [clock(day * dayMs + from), clock(day * dayMs + to)]);
}
