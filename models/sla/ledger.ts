/**
 * Why a clock stands where it stands: all of its time, piece by piece, each with the rule that decided
 * whether it counts. Pure.
 */
import { DateTime } from 'luxon';
import { earliest, latest, msOf, toInstant, type Instant } from '../instant';
import { workingMsBetween, type Calendar } from './calendar';
import { segmentsOf, type Reason } from './calendar/reasons';
import { idle, type Gap } from './clock/deadline';
import type { Clock } from './clock/shape';
import { elsewhereWhy } from './drive';
import { asOf } from './figures';

/** Why a piece of time counts or does not. */
export type Because =
  /** The hours of a local day: what of the calendar decided it. */
  | { readonly rule: Reason; readonly day: string }
  /** The hours of a local month, of a clock that has too many days: what was worked, and what was not. */
  | { readonly rule: 'month'; readonly month: string }
  /** A condition of the target held; null: a clock of before conditions. */
  | { readonly rule: 'pause'; readonly why: string | null }
  /** An OLA: another team had the ticket. */
  | { readonly rule: 'otherTeam' }
  /** Between the stop and the reopening. */
  | { readonly rule: 'stopped' }
  /** Before it was counted from the start again. */
  | { readonly rule: 'restarted' };

export interface Entry {
  readonly from: Instant;
  readonly to: Instant;
  readonly isCounted: boolean;
  /** All of it, but for a month: what of it was, or was not, worked. */
  readonly ms: number;
  readonly because: Because;
}

/** Days are told one by one up to so many pieces of them, and by months beyond. */
export const mostPieces = 3_000;

/**
 * Everything from the start to `now`, or to the stop where that is earlier, in order. What is counted
 * comes to the elapsed time exactly. For a past instant as of then, on the present terms, as `figures`.
 */
export function ledgerOf(clock: Clock, calendar: Calendar, now: Instant): Entry[] {
  const then = asOf(clock, now);
  const until = earliest(now, then.stoppedAt ?? now);
  const { startedAt, countsFrom } = then;
  if (until <= startedAt) return [];
  const begin = earliest(countsFrom, until);
  const gaps = idle(then, until);
  const spans = between(gaps, begin, until);
  const counted = byDays(spans, calendar) ?? spans.flatMap((span) => byMonths(span, calendar));
  const restarted = whole(startedAt, begin, { rule: 'restarted' });
  const idleTime = gaps.map((gap) => whole(gap.from, gap.to, reasonOf(gap)));
  return [restarted, ...counted, ...idleTime]
    .filter(({ from, to }) => from < to)
    .sort((a, b) =>
      a.from < b.from ? -1 : a.from > b.from ? 1 : Number(b.isCounted) - Number(a.isCounted),
    );
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What lies between gaps that are apart from each other. */
function between(gaps: readonly Gap[], from: Instant, until: Instant): Span[] {
  const ends = [from, ...gaps.map(({ to }) => to)];
  return ends
    .map((end, k) => ({ from: end, to: gaps[k]?.from ?? until }))
    .filter((span) => span.from < span.to);
}

/** Undefined when there are too many. */
function byDays(spans: readonly Span[], calendar: Calendar): Entry[] | undefined {
  const entries: Entry[] = [];
  for (const { from, to } of spans) {
    const left = mostPieces - entries.length;
    const pieces = segmentsOf(calendar, from, to, left + 1);
    if (pieces.length > left) return undefined;
    for (const { isWorked, rule, day, ...piece } of pieces) {
      const ms = msOf(piece.to) - msOf(piece.from);
      entries.push({ ...piece, isCounted: isWorked, ms, because: { rule, day } });
    }
  }
  return entries;
}

/** Two entries a month: what of it was worked, and the rest of it. */
function byMonths({ from, to }: Span, calendar: Calendar): Entry[] {
  const entries: Entry[] = [];
  let begin = from;
  while (begin < to) {
    const local = DateTime.fromISO(begin, { zone: calendar.timezone });
    const next = toInstant(local.startOf('month').plus({ months: 1 }).toMillis());
    const end = earliest(to, next);
    const worked = workingMsBetween(calendar, begin, end);
    const rest = msOf(end) - msOf(begin) - worked;
    const month = local.toFormat('yyyy-MM');
    const piece = { from: begin, to: end, because: { rule: 'month', month } as const };
    if (worked > 0) entries.push({ ...piece, isCounted: true, ms: worked });
    if (rest > 0) entries.push({ ...piece, isCounted: false, ms: rest });
    begin = end;
  }
  return entries;
}

function whole(from: Instant, to: Instant, because: Because): Entry {
  return { from, to: latest(from, to), isCounted: false, ms: msOf(to) - msOf(from), because };
}

function reasonOf({ isStop, why }: Gap): Because {
  if (isStop === true) return { rule: 'stopped' };
  return why === elsewhereWhy ? { rule: 'otherTeam' } : { rule: 'pause', why: why ?? null };
}
