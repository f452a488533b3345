/** What a calendar says twice: spans that overlap, dates and closures that are listed again. */
import { weekdays, type Calendar, type Span } from './shape';
import { dateOf, stretchOf } from './rules';
import { dayMs } from './wall-time';

/** Where it is said again, as steps of a pointer. */
export interface Twice {
  readonly path: readonly (string | number)[];
  readonly detail: string;
  readonly code: 'overlap' | 'duplicate';
}

/**
 * Everything that a calendar says twice. Spans may touch; of two that overlap the later one is named. A span
 * that runs past midnight meets those of the next weekday, or of the next date in the same list.
 */
export function saidTwice(calendar: Calendar): Twice[] {
  const { weekly, overrides = {}, breaks = {} } = calendar;
  const { holidays = [], yearlyHolidays = [], closures = [] } = calendar;
  const dayAfter = (day: string) => weekdays[(weekdays.findIndex((one) => one === day) + 1) % 7];
  const moments = closures.map((ends) => ends.map((end) => Date.parse(end)).join());
  return [
    ...overlapping('weekly', weekly, dayAfter),
    ...duplicates('holidays', holidays),
    ...duplicates('yearlyHolidays', yearlyHolidays),
    ...overlapping('overrides', overrides, dateAfter),
    ...overlapping('breaks', breaks, dateAfter),
    ...duplicates('closures', moments),
  ];
}

function dateAfter(date: string): string {
  return dateOf(Date.parse(date) / dayMs + 1);
}

type Days = Readonly<Partial<Record<string, readonly Span[]>>>;

function overlapping(
  member: string,
  days: Days,
  dayAfter: (day: string) => string | undefined,
): Twice[] {
  return Object.entries(days).flatMap(([day, spans = []]) => {
    const next = dayAfter(day) ?? day;
    const own = spans.flatMap((span, index) =>
      spans.slice(0, index).some((other) => meet(other, span, 0)) ? [`${day}/${index}`] : [],
    );
    const after = (days[next] ?? []).flatMap((span, index) =>
      spans.some((other) => meet(other, span, dayMs)) ? [`${next}/${index}`] : [],
    );
    return [
      ...own.map((at) => twice(member, at, 'overlaps another span of the day')),
      ...after.map((at) => twice(member, at, 'overlaps a span that began the day before')),
    ];
  });
}

function meet(one: Span, other: Span, laterMs: number): boolean {
  const [[from, to], [otherFrom, otherTo]] = [stretchOf(one), stretchOf(other)];
  return from < otherTo + laterMs && otherFrom + laterMs < to;
}

function twice(member: string, at: string, detail: string): Twice {
  return { path: [member, ...at.split('/')], detail, code: 'overlap' };
}

function duplicates(member: string, values: readonly string[]): Twice[] {
  const seen = new Set<string>();
  return values.flatMap((value, index): Twice[] => {
    const isKnown = seen.has(value);
    seen.add(value);
    return isKnown ? [{ path: [member, index], detail: 'is listed twice', code: 'duplicate' }] : [];
  });
}
