/** What recorded steps say about deadlines. Pure. */
import { ranked } from '../measure';
import { type Recorded, type StepEvent, steps } from './groups';

export interface Lateness extends ReturnType<typeof ranked> {
  readonly recorded: number;
  /** Those whose feed names another instant than the true one. */
  readonly wrong: number;
  /** Recorded a second, from the first true instant to the last record. */
  readonly perSecond: number;
  /** Milliseconds from the first true instant to the last record. */
  readonly drainedMs: number;
}

export interface Terms {
  readonly targetSeconds: number;
  /** All instants count from here; left out: from the opening of each. */
  readonly opensAt?: string;
}

/** When a step of a ticket is due, in ms since 1970. */
export function trueInstant(type: StepEvent, openedAt: Date, terms: Terms): number {
  const from = terms.opensAt === undefined ? openedAt : new Date(terms.opensAt);
  return from.getTime() + steps[type] * terms.targetSeconds * 1000;
}

/** Milliseconds between true instants and records. */
export function latenessOf(recorded: readonly Recorded[], terms: Terms): Lateness {
  const all = recorded.map((one) => ({ one, due: trueInstant(one.type, one.openedAt, terms) }));
  const last = Math.max(...recorded.map(({ recordedAt }) => recordedAt.getTime()));
  const drainedMs = last - Math.min(...all.map(({ due }) => due));
  return {
    ...ranked(all.map(({ one, due }) => one.recordedAt.getTime() - due)),
    recorded: recorded.length,
    wrong: all.filter(({ one, due }) => !isExact(one, due)).length,
    perSecond: (recorded.length * 1000) / drainedMs,
    drainedMs,
  };
}

function isExact({ occurredAt, said }: Recorded, due: number): boolean {
  return occurredAt.getTime() === due && new Date(said).getTime() === due;
}

/** One read of a clock: what it said for which moment of the database. */
export interface Reading {
  readonly ticketId: string;
  readonly asOf: string;
  readonly breached: boolean;
  readonly breachedAt: string | null;
}

/** One count of a list: how many, and between which moments (ms since 1970) it was asked and answered. */
export interface Counting {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly count: number;
}

export interface Truth {
  /** When all fall due, in ms since 1970. */
  readonly due: number;
  /** How many a list counts before and from then on. */
  readonly before: number;
  readonly after: number;
}

export function isRightReading({ asOf, breached, breachedAt }: Reading, { due }: Truth): boolean {
  if (new Date(asOf).getTime() < due) return !breached && breachedAt === null;
  return breached && breachedAt !== null && new Date(breachedAt).getTime() === due;
}

/** A list that was under way at the instant may say either, but nothing between. */
export function isRightCounting(
  { askedAt, answeredAt, count }: Counting,
  { due, before, after }: Truth,
): boolean {
  if (askedAt >= due) return count === after;
  return answeredAt < due ? count === before : count === before || count === after;
}

/** Readings from the instant on of tickets whose breach was not yet recorded. */
export function unhandled(
  readings: readonly Reading[],
  recorded: readonly Recorded[],
  { due }: Truth,
): Reading[] {
  const at = new Map(recorded.map((one) => [one.ticketId, one.recordedAt.getTime()]));
  return readings.filter(({ ticketId, asOf }) => {
    const read = new Date(asOf).getTime();
    return read >= due && read < (at.get(ticketId) ?? Infinity);
  });
}
