/** What SLA clocks put on a ticket's agenda: every step that lies ahead, as entries of their own. */
import { earliest, plusSeconds, type Instant } from '../instant';
import type { Ticket } from '../tickets/ticket';
import { calendarOf, ladderOf, type Agreement } from './agreement';
import { dueAt } from './clock';
import { passing } from './clock/passed';
import type { Clock, Passed } from './clock/shape';
import { rungsOf, type Rung } from './policy/ladder';
import type { Step } from './policy/shape';

const prefix = 'sla.';

export interface ClockEntry {
  readonly key: string;
  readonly at: Instant;
  readonly what: string;
}

/** A clock with its ladder as it stands. */
export interface Standing {
  readonly clock: Clock;
  readonly steps: readonly Step[];
  readonly rungs: readonly Rung[];
}

export function standingOf(clock: Clock, agreement: Agreement): Standing {
  const steps = ladderOf(agreement, clock);
  return { clock, steps, rungs: rungsOf(clock, steps, calendarOf(agreement, clock)) };
}

/** The last step that was taken by the present terms, first and last time of it. */
export interface Taken {
  readonly step: Step;
  readonly first: Passed;
  readonly last: Passed;
}

/** Entries for the steps that running clocks have not taken: `sla.resolution.75`, repeated `sla.resolution.75.1`. */
export function clockEntries(
  clocks: readonly Clock[],
  agreement: Agreement,
  acknowledgedAt: Instant | null,
): ClockEntry[] {
  return clocks
    .filter(({ state }) => state === 'running')
    .flatMap((clock) => {
      const standing = standingOf(clock, agreement);
      const again = repetitionOf(standing, acknowledgedAt);
      return [...ahead(standing), ...(again ? [again] : [])];
    });
}

/** Whether it was taken by the present terms. */
export function isTaken(clock: Clock, { key, due }: Rung): boolean {
  return passing(clock, { step: key, time: 0, due }) !== undefined;
}

/** Undefined before the first step. */
export function lastTaken({ clock, steps }: Standing): Taken | undefined {
  const { targetSeconds } = clock.terms;
  const all = clock.passed.filter((one) => one.targetSeconds === targetSeconds);
  const last = all.at(-1);
  const step = steps.find(({ key }) => key === last?.step);
  const first = all.findLast(({ step: key, time }) => key === last?.step && time === 0);
  return last && step && first ? { step, first, last } : undefined;
}

/** When a step comes again because nobody has acknowledged it; undefined: it does not. */
export function againAt(
  { step, first, last }: Taken,
  acknowledgedAt: Instant | null,
): { time: number; at: Instant } | undefined {
  const { repeat } = step;
  if (!repeat || (acknowledgedAt !== null && acknowledgedAt >= first.at)) return undefined;
  const time = last.time + 1;
  if (time > repeat.times + 1) return undefined;
  return { time, at: plusSeconds(first.at, time * repeat.everyMinutes * 60) };
}

/** Which clock, step and repetition an entry's key names. */
export function clockOfKey(key: string): { clockId: string; step: string; time: number } {
  const [, clockId, step, time = '0'] = key.split('.');
  if (clockId === undefined || step === undefined) throw new Error(`No SLA entry: ${key}`);
  return { clockId, step, time: Number(time) };
}

export function isClockEntry(key: string): boolean {
  return key.startsWith(prefix);
}

/** The next SLA deadline that is running, for lists ordered by urgency. */
export function nextDeadline(ticket: Pick<Ticket, 'clocks'>, agreement: Agreement): Instant | null {
  const deadlines = ticket.clocks
    .filter(({ state, kind }) => state === 'running' && kind === 'SLA')
    .map((clock) => dueAt(clock, calendarOf(agreement, clock)))
    .filter((at) => at !== null);
  return deadlines.length === 0 ? null : deadlines.reduce(earliest);
}

function ahead({ clock, rungs }: Standing): ClockEntry[] {
  return rungs
    .filter((rung) => !isTaken(clock, rung))
    .map((rung) => ({
      key: `${prefix}${clock.id}.${rung.key}`,
      at: rung.happensAt,
      what: sentence(clock, rung),
    }));
}

function repetitionOf(standing: Standing, acknowledgedAt: Instant | null): ClockEntry | undefined {
  const taken = lastTaken(standing);
  const again = taken && againAt(taken, acknowledgedAt);
  if (!taken || !again) return undefined;
  const { clock } = standing;
  const isLast = again.time > (taken.step.repeat?.times ?? 0);
  return {
    key: `${prefix}${clock.id}.${taken.step.key}.${again.time}`,
    at: again.at,
    what: isLast
      ? `Nobody has acknowledged the ${clock.id} clock: the next level.`
      : `The ${clock.id} clock: step ${taken.step.key} again, until somebody acknowledges.`,
  };
}

function sentence(clock: Clock, { side, at }: Rung): string {
  if (side === 'deadline') return `The ${clock.id} clock is breached.`;
  const where = at && 'percent' in at ? `reaches ${at.percent} %` : `comes to ${offset(at)}`;
  return `The ${clock.id} clock ${where}: ${side === 'before' ? 'warning' : 'escalation'}.`;
}

function offset(at: Step['at']): string {
  if (!at || 'percent' in at) return 'its deadline';
  const [seconds, kind] =
    'seconds' in at ? [at.seconds, 'minutes'] : [at.workingSeconds, 'working minutes'];
  const minutes = Math.round(Math.abs(seconds) / 6) / 10;
  return `${minutes} ${kind} ${seconds < 0 ? 'before' : 'after'} its deadline`;
}
