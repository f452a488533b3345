/**
 * What happens to a clock, as data: it stands in the feed with the fact that did it, so that the clocks of
 * a ticket are a fold over its feed.
 */
import type { Instant } from '../../instant';
import { cancel, pass, pause, reopen, resume, retarget, startClock, stop } from '../clock';
import type { Start, Step } from '../clock';
import type { Clock, Terms } from './shape';

export type ClockEvent = { readonly clock: string } & (
  | ({ readonly did: 'started' } & Omit<Start, 'id'>)
  | { readonly did: 'paused'; readonly at: Instant; readonly why: string }
  | { readonly did: 'resumed' | 'stopped' | 'cancelled' | 'reopened'; readonly at: Instant }
  | { readonly did: 'retargeted'; readonly at: Instant; readonly terms: Terms }
  | ({ readonly did: 'passed' } & Step)
);

/** The clocks after one event. An event of a clock that was never started is a bug and throws. */
export function happened(clocks: readonly Clock[], event: ClockEvent): readonly Clock[] {
  if (event.did === 'started') return [...clocks, startClock({ ...event, id: event.clock })];
  if (!clocks.some(({ id }) => id === event.clock)) throw new Error(`No clock ${event.clock}`);
  return clocks.map((clock) => (clock.id === event.clock ? moved(clock, event) : clock));
}

/** All of them, in their order. */
export function allHappened(
  clocks: readonly Clock[],
  events: readonly ClockEvent[],
): readonly Clock[] {
  return events.reduce(happened, clocks);
}

function moved(clock: Clock, event: Exclude<ClockEvent, { did: 'started' }>): Clock {
  switch (event.did) {
    case 'paused':
      return pause(clock, event.at, event.why);
    case 'resumed':
      return resume(clock, event.at);
    case 'stopped':
      return stop(clock, event.at);
    case 'cancelled':
      return cancel(clock, event.at);
    case 'reopened':
      return reopen(clock, event.at);
    case 'retargeted':
      return retarget(clock, event.terms, event.at);
    case 'passed':
      return pass(clock, event);
  }
}
