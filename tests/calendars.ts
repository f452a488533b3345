/** Calendars of all kinds, for property tests. */
import * as fc from 'fast-check';
import { plusSeconds, toInstant, type Instant } from '../models/instant';
import type { Calendar, Span } from '../models/sla/calendar/shape';

const dayMs = 86_400_000;

/**
 * Zones with one offset and with two, those that change it at midnight, by half an hour, by two hours, in
 * Ramadan or no more; offsets of quarter hours; both ends of the world, and one that skipped a day.
 */
export const zonesOfAllKinds = [
  ...['UTC', 'Europe/Berlin', 'Europe/London', 'Europe/Istanbul', 'Europe/Volgograd'],
  ...['America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'America/Santiago'],
  ...['America/Havana', 'America/Caracas', 'America/Phoenix', 'Africa/Casablanca', 'Africa/Cairo'],
  ...[
    'Asia/Kathmandu',
    'Asia/Kolkata',
    'Asia/Tehran',
    'Asia/Gaza',
    'Asia/Beirut',
    'Asia/Pyongyang',
  ],
  ...['Australia/Lord_Howe', 'Australia/Eucla', 'Antarctica/Troll', 'Pacific/Chatham'],
  ...['Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Niue'],
] as const;

/** `09:15` of the quarter 37 of a day; 96 is `24:00`. */
export function quarter(n: number): string {
  return `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`;
}

/** Calendars in these zones whose exceptions lie about this year, and instants and dates of that time. */
export function calendarsIn(zones: readonly string[], year: number) {
  const [begin, end] = [Date.UTC(year - 1, 11, 1), Date.UTC(year + 1, 0, 1)];
  const time = fc.integer({ min: 0, max: 95 }).map(quarter);
  const span: fc.Arbitrary<Span> = fc.tuple(time, fc.oneof(time, fc.constant('24:00')));
  const spans = fc.array(span, { maxLength: 3 });
  const date = fc
    .integer({ min: begin / dayMs, max: end / dayMs })
    .map((day) => new Date(day * dayMs).toISOString().slice(0, 10));
  const instant = fc.integer({ min: begin, max: end }).map((ms) => toInstant(ms));
  const closure = fc
    .tuple(instant, fc.integer({ min: 1, max: 30 * 86_400 }))
    .map(([from, seconds]): [Instant, Instant] => [from, plusSeconds(from, seconds)]);
  const calendar: fc.Arbitrary<Calendar> = fc.record({
    timezone: fc.constantFrom(...zones),
    weekly: fc.record({
      mon: fc.array(span, { minLength: 1, maxLength: 3 }),
      ...{ tue: spans, wed: spans, thu: spans, fri: spans, sat: spans, sun: spans },
    }),
    holidays: fc.array(date, { maxLength: 9 }),
    yearlyHolidays: fc.array(
      date.map((one) => one.slice(5)),
      { maxLength: 5 },
    ),
    overrides: fc.dictionary(date, spans, { maxKeys: 5 }),
    breaks: fc.dictionary(date, spans, { maxKeys: 5 }),
    closures: fc.array(closure, { maxLength: 3 }),
  });
  return { calendar, date, instant };
}
