/**
 * Against an independent judge: the library opening_hours of OpenStreetMap, which counts with the dates of
 * JavaScript in the zone of its process. What it cannot say is left out: breaks, closures, and hours about
 * the moments at which zones change their offset, where it follows JavaScript (a missing local time is as
 * much later as it is missing). A rule of a date ends there what began the day before, so exceptions are
 * held against hours that stay within their day.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { z } from 'zod';
import { quarter, zonesOfAllKinds } from '../../../tests/calendars';
import { msOf, toInstant, type Instant } from '../../instant';
import { isOpen, openingsIn, workingMsBetween, type Calendar, type Span } from '../calendar';
import { weekdays } from './shape';

const Answers = z.array(
  z.object({
    intervals: z.array(z.tuple([z.string(), z.string()])),
    openMs: z.number(),
    states: z.array(z.boolean()),
  }),
);

interface Case {
  readonly calendar: Calendar;
  readonly from: Instant;
  readonly to: Instant;
  readonly at: readonly Instant[];
}

/**
 * Where opening_hours 3.15 is no judge of hours over midnight: it throws "infinite loop in nextChange"
 * where clocks are changed at or near midnight, in Morocco, too; on the days of 22 and 26 hours of Troll it
 * closes an hour and a half early; and it ends on the day that Apia skipped what runs into it.
 */
const nightless = [
  ...['America/Sao_Paulo', 'America/Santiago', 'America/Havana', 'America/St_Johns'],
  ...['Africa/Cairo', 'Africa/Casablanca', 'Asia/Tehran', 'Asia/Beirut', 'Asia/Gaza'],
  ...['Asia/Pyongyang', 'Antarctica/Troll', 'Pacific/Apia'],
];

const dayMs = 86_400_000;
const years = [2011, 2018, 2024, 2026, 2027, 2028];

/** No zone changes its offset between 04:00 and midnight. */
const daySpans = fc
  .uniqueArray(fc.integer({ min: 16, max: 96 }), { maxLength: 6 })
  .map((edges) => pairs(edges.sort((a, b) => a - b)));
const nightSpans = fc
  .tuple(fc.integer({ min: 17, max: 95 }), fc.integer({ min: 16, max: 95 }))
  .filter(([from, to]) => to < from)
  .map(([from, to]): Span[] => [[quarter(from), quarter(to)]]);

function pairs(edges: readonly number[]): Span[] {
  return edges.flatMap((edge, index): Span[] => {
    const next = edges[index + 1];
    return index % 2 === 0 && next !== undefined ? [[quarter(edge), quarter(next)]] : [];
  });
}

function weekOf(spans: fc.Arbitrary<Span[]>) {
  return fc
    .array(spans, { minLength: 7, maxLength: 7 })
    .map((week) => Object.fromEntries(weekdays.map((day, index) => [day, week[index] ?? []])));
}

function casesOf(timezone: string, year: number): fc.Arbitrary<Case> {
  const moment = fc
    .integer({ min: Date.UTC(year, 0, 3), max: Date.UTC(year, 11, 28) })
    .map((ms) => toInstant(ms));
  const date = moment.map((at) => at.slice(0, 10));
  const exceptions = {
    holidays: fc.uniqueArray(date, { maxLength: 6 }),
    overrides: fc.dictionary(
      date,
      daySpans.filter((spans) => spans.length > 0),
      { maxKeys: 6 },
    ),
  };
  const zone = { timezone: fc.constant(timezone) };
  const byDay = fc.record({ ...zone, weekly: weekOf(daySpans), ...exceptions });
  const byNight = fc.record({ ...zone, weekly: weekOf(nightSpans) });
  const calendar: fc.Arbitrary<Calendar> = nightless.includes(timezone)
    ? byDay
    : fc.oneof(byDay, byNight);
  const days = fc.integer({ min: 1, max: 120 });
  return fc
    .record({ calendar, from: moment, days, at: fc.array(moment, { maxLength: 40 }) })
    .map(({ days: length, ...one }) => {
      return { ...one, to: toInstant(msOf(one.from) + length * dayMs) };
    });
}

const osmDays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const osmMonths = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

/** The calendar in the language of OpenStreetMap. */
function ruleOf({ weekly, holidays = [], overrides = {} }: Calendar): string {
  const week = weekdays.flatMap((day, index) => {
    const spans = weekly[day] ?? [];
    return spans.length === 0 ? [] : [`${osmDays[index]} ${timesOf(spans)}`];
  });
  const exceptions = [
    ...holidays.filter((date) => !(date in overrides)).map((date) => `${dateOf(date)} off`),
    ...Object.entries(overrides).map(([date, spans]) => `${dateOf(date)} ${timesOf(spans)}`),
  ];
  return [week.join(', ') || 'off', ...exceptions].join('; ');
}

function timesOf(spans: readonly Span[]): string {
  return spans.map((span) => span.join('-')).join(',');
}

function dateOf(date: string): string {
  const [year, month, day] = date.split('-');
  return `${year} ${osmMonths[Number(month) - 1]} ${day}`;
}

it('agrees with opening_hours in every zone', () => {
  const cases = zonesOfAllKinds.flatMap((timezone) =>
    years.flatMap((year) => fc.sample(casesOf(timezone, year), 3)),
  );
  const input = cases.map(({ calendar, ...rest }) => {
    return { ...rest, timezone: calendar.timezone, rule: ruleOf(calendar) };
  });
  const script = join(__dirname, '../../../tests/opening-hours.mjs');
  const asked = spawnSync(process.execPath, [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  expect([asked.status, asked.stderr]).toEqual([0, '']);
  const answers = Answers.parse(JSON.parse(asked.stdout));
  expect(answers).toHaveLength(cases.length);
  for (const [index, { calendar, from, to, at }] of cases.entries()) {
    const own = {
      intervals: openingsIn(calendar, from, to, Infinity),
      openMs: workingMsBetween(calendar, from, to),
      states: at.map((one) => isOpen(calendar, one)),
    };
    expect({ ...input[index], ...own }).toEqual({ ...input[index], ...answers[index] });
  }
});
