/** The shape of a calendar as administrators send it, held against the type that the rules read. */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { Refusal, type InputIssue } from '../errors';
import type { Instant } from '../instant';
import { nextOpen } from './calendar';
import type { Calendar } from './calendar/shape';
import { saidTwice } from './calendar/twice';
import { NeverOpen } from './calendar/walk';

const opening = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time from 00:00 to 23:59, as HH:mm');
const closing = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time from 00:00 to 24:00, as HH:mm');
const spans = z.array(z.tuple([opening, closing])).max(48, 'has more than 48 spans');
const date = z.iso.date('is not a date, as YYYY-MM-DD');
const instant = z.iso.datetime({ offset: true, error: 'is not an instant, as RFC 3339' });
const closure = z
  .tuple([instant, instant])
  .refine(([from, to]) => Date.parse(from) < Date.parse(to), 'ends before it begins');

// All versions of a calendar that are in use are held in memory by whoever counts on them.
const most = 1_000;
const tooMany = `has more than ${most}`;
const byDate = z
  .record(date, spans)
  .refine((dates) => Object.keys(dates).length <= most, `${tooMany} dates`);

/** A business calendar; see the type Calendar for the meaning of each member. */
export const CalendarInput = z.strictObject({
  timezone: z
    .string()
    .refine((name) => IANAZone.isValidZone(name), 'is not an IANA time zone, e.g. Europe/Berlin'),
  weekly: z.strictObject({
    mon: spans.exactOptional(),
    tue: spans.exactOptional(),
    wed: spans.exactOptional(),
    thu: spans.exactOptional(),
    fri: spans.exactOptional(),
    sat: spans.exactOptional(),
    sun: spans.exactOptional(),
  }),
  holidays: z.array(date).max(most, tooMany).exactOptional(),
  // Held against a leap year, so that 29 February is a date.
  yearlyHolidays: z
    .array(z.string().refine(isDateOfYear, 'is not a date, as MM-DD'))
    .max(most, tooMany)
    .exactOptional(),
  overrides: byDate.exactOptional(),
  breaks: byDate.exactOptional(),
  closures: z.array(closure).max(most, tooMany).exactOptional(),
});

/**
 * The calendar in `input`; a Refusal `invalid_input` with a pointer to everything that is wrong. `below` is
 * the pointer to the calendar itself.
 */
export function checkCalendar(input: unknown, below = ''): Calendar {
  const calendar = readCalendar(input, below);
  if (!everOpens(calendar)) throw closed(below, 'has no opening hours');
  return calendar;
}

/** The same for one that only is to be tried: it may be closed always. */
export function readCalendar(input: unknown, below = ''): Calendar {
  const parsed = CalendarInput.safeParse(input);
  if (!parsed.success)
    throw refusal(parsed.error.issues.flatMap((issue) => inputIssues(issue, below)));
  const issues = saidTwice(parsed.data).map(({ path, ...issue }) => {
    return { ...issue, pointer: pointerTo(path, below) };
  });
  if (issues.length > 0) throw refusal(issues);
  return parsed.data;
}

/** Whether any hours are open, on whichever days. */
export function everOpens({ weekly, overrides = {} }: Calendar): boolean {
  return [...Object.values(weekly), ...Object.values(overrides)].flat().length > 0;
}

/** Throws invalid_input for a calendar that stays closed for ten years after `at`: no clock runs on it. */
export function refuseNeverOpen(calendar: Calendar, at: Instant, below = ''): void {
  if (!opensAfter(calendar, at)) throw closed(below, 'leaves no opening hours in ten years');
}

/** Whether it is open at any instant of the ten years after `at`. */
export function opensAfter(calendar: Calendar, at: Instant): boolean {
  try {
    nextOpen(calendar, at);
    return true;
  } catch (error) {
    if (error instanceof NeverOpen) return false;
    throw error;
  }
}

function closed(below: string, detail: string): Refusal {
  return refusal([{ pointer: `${below}/weekly`, detail, code: 'empty' }]);
}

function isDateOfYear(date: string): boolean {
  return z.iso.date().safeParse(`2024-${date}`).success;
}

function inputIssues(issue: z.core.$ZodIssue, below: string): InputIssue[] {
  const pointer = pointerTo(issue.path, below);
  if (issue.code === 'unrecognized_keys') {
    const detail = 'is not part of a calendar';
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escaped(key)}`,
      detail,
      code: issue.code,
    }));
  }
  const detail = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
  return [{ pointer, detail: detail ?? issue.message, code: issue.code }];
}

function pointerTo(path: readonly PropertyKey[], below: string): string {
  return below + path.map((step) => `/${escaped(String(step))}`).join('');
}

/** RFC 6901. */
function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

function refusal(errors: readonly InputIssue[]): Refusal {
  const lines = errors.map(({ pointer, detail }) => `${pointer || 'The input'} ${detail}`);
  return new Refusal('invalid_input', `The calendar is not usable: ${lines.join('; ')}.`, {
    errors,
  });
}
