/** What a clock is: plain data in the snapshot of its ticket. */
import type { Instant } from '../../instant';

export type Metric = 'firstResponse' | 'nextResponse' | 'resolution';
export type ClockKind = 'SLA' | 'OLA' | 'UC';
export type ClockState = 'running' | 'paused' | 'stopped' | 'cancelled';

export interface Version {
  readonly id: string;
  readonly version: number;
}

/** What is promised; times are working time on the calendar. */
export interface Terms {
  readonly policy: Version;
  readonly calendar: Version;
  readonly targetSeconds: number;
  /** Per cent of the target at which a warning is due, e.g. 75. */
  readonly warnPercent: number;
  /** Per cent of the target at which an escalation is due, e.g. 150. */
  readonly escalatePercent: number;
}

export interface Pause {
  readonly from: Instant;
  readonly to: Instant | null;
  /** The clock had been stopped in between and was reopened. */
  readonly isStop?: true;
}

/** A threshold that was acted on, with the target it was reckoned by. */
export interface Passed {
  readonly percent: number;
  readonly at: Instant;
  readonly targetSeconds: number;
}

export interface Breach {
  readonly at: Instant;
  readonly targetSeconds: number;
  /** The instant of the late fact by which it had not been a breach. */
  readonly withdrawnAt: Instant | null;
}

export interface Clock {
  readonly id: string;
  readonly metric: Metric;
  readonly kind: ClockKind;
  readonly state: ClockState;
  readonly terms: Terms;
  readonly startedAt: Instant;
  /** When it was stopped or cancelled. */
  readonly stoppedAt: Instant | null;
  readonly pauses: readonly Pause[];
  readonly passed: readonly Passed[];
  readonly breaches: readonly Breach[];
}
