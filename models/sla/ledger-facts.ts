/** Which fact of the feed began a piece of a ledger. Pure. */
import { latest, type Instant } from '../instant';
import type { ClockEvent } from './clock/events';
import type { Clock } from './clock/shape';
import type { Entry } from './ledger';

/** A line of the feed: what happened to clocks with it, and whether the ticket changed. */
export interface Told {
  readonly at: Instant;
  readonly changes: boolean;
  readonly clocks: readonly ClockEvent[];
}

const begun: Readonly<Partial<Record<Entry['because']['rule'], ClockEvent['did']>>> = {
  pause: 'paused',
  otherTeam: 'paused',
  stopped: 'stopped',
};

/**
 * The line of the fact. A clock that was started in retrospect has its events with the fact that started
 * it, so the line is asked for that changed the ticket at that instant. Undefined: nothing tells of it.
 */
export function toldBy<L extends Told>(
  lines: readonly L[],
  clock: Clock,
  { from, because }: Entry,
): L | undefined {
  const did = begun[because.rule];
  if (did === undefined) return undefined;
  const own = lines.findLast(({ clocks }) =>
    clocks.some((event) => event.clock === clock.id && isThat(event, did, clock, from)),
  );
  if (own?.at === from) return own;
  return lines.find(({ at, changes }) => at === from && changes) ?? own;
}

function isThat(event: ClockEvent, did: string, { startedAt }: Clock, from: Instant): boolean {
  return event.did === did && latest(startedAt, event.at) === from;
}

/** The line of the restart to which an entry leads. */
export function restartedBy<L extends Told>(
  lines: readonly L[],
  clock: Clock,
  { to }: Entry,
): L | undefined {
  return lines.findLast(({ clocks }) =>
    clocks.some(
      (event) => event.clock === clock.id && event.did === 'retargeted' && event.at === to,
    ),
  );
}
