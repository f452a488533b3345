/** How clocks came out, and which came out otherwise when they are counted by other policies. */
import type { Instant } from '../instant';
import { calendarOf, type Agreement } from './agreement';
import { dueAt } from './clock/deadline';
import type { Clock, Terms } from './clock/shape';
import { figures } from './figures';

export type Outcome = 'met' | 'missed';

/** What makes an outcome plain: by which terms, how long it took, since when it was too late. */
export interface Computation
  extends
    Pick<Terms, 'policy' | 'rule' | 'calendar' | 'targetSeconds'>,
    Pick<Clock, 'kind' | 'metric' | 'teamId' | 'startedAt' | 'stoppedAt'> {
  readonly outcome: Outcome;
  readonly dueAt: Instant | null;
  /** Working time, whole seconds. */
  readonly elapsedSeconds: number;
  /** Null when it was met. */
  readonly breachedAt: Instant | null;
}

export interface Flip {
  /** Id of the clock as it stands. */
  readonly clock: string;
  readonly direction: 'toMissed' | 'toMet';
  readonly before: Computation;
  readonly after: Computation;
}

/** Clocks that are met by one and missed by the other, as of an instant. */
export function flipsBetween(
  before: readonly Clock[],
  after: readonly Clock[],
  { agreement, now }: { readonly agreement: Agreement; readonly now: Instant },
): Flip[] {
  return pairsOf(before, after).flatMap(([old, other]) => {
    const was = computed(old, agreement, now);
    const is = computed(other, agreement, now);
    if (was === undefined || is === undefined || was.outcome === is.outcome) return [];
    const direction = is.outcome === 'missed' ? 'toMissed' : 'toMet';
    return [{ clock: old.id, direction, before: was, after: is }];
  });
}

/** Undefined while nothing is decided, and of a promise that fell away. */
export function computed(
  clock: Clock,
  agreement: Agreement,
  now: Instant,
): Computation | undefined {
  if (clock.state === 'cancelled') return undefined;
  const calendar = calendarOf(agreement, clock);
  const { breachedAt, elapsedSeconds } = figures(clock, calendar, now);
  if (breachedAt === null && clock.stoppedAt === null) return undefined;
  const { kind, metric, teamId, startedAt, stoppedAt, terms } = clock;
  const { policy, rule, calendar: version, targetSeconds } = terms;
  return {
    outcome: breachedAt === null ? 'met' : 'missed',
    ...{ policy, rule, calendar: version, targetSeconds, kind, metric, teamId },
    ...{ startedAt, stoppedAt, dueAt: dueAt(clock, calendar), elapsedSeconds, breachedAt },
  };
}

/**
 * The same promise on both sides: by id, and what is left by what it promises and to whom, in order, as
 * another policy may call it otherwise.
 */
function pairsOf(before: readonly Clock[], after: readonly Clock[]): [Clock, Clock][] {
  const left = new Set(after);
  const take = (fits: (one: Clock) => boolean) => {
    const found = [...left].find(fits);
    if (found) left.delete(found);
    return found;
  };
  const judged = before.filter(({ state }) => state !== 'cancelled');
  const byId = judged.map((old) => [old, take(({ id }) => id === old.id)] as const);
  return byId.flatMap(([old, same]): [Clock, Clock][] => {
    const other = same ?? take((one) => promisesAsMuch(one, old));
    return other ? [[old, other]] : [];
  });
}

function promisesAsMuch(a: Clock, b: Clock): boolean {
  return (
    a.state !== 'cancelled' && a.kind === b.kind && a.metric === b.metric && a.teamId === b.teamId
  );
}
