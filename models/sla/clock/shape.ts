/** What a clock is: plain data in the snapshot of its ticket. */
import type { Instant } from '../../instant';
import type { ClockKind, Metric, Target } from '../policy/shape';

export type { ClockKind, Metric } from '../policy/shape';

export type ClockState = 'running' | 'paused' | 'stopped' | 'cancelled';

export interface Version {
  readonly id: string;
  readonly version: number;
}

/** What is promised; times are working time on the calendar. */
export interface Terms {
  readonly policy: Version;
  /** Rule of that version, which has the ladder; null: the standard ladder, of clocks older than rules. */
  readonly rule: string | null;
  readonly calendar: Version;
  readonly targetSeconds: number;
  readonly onChange: NonNullable<Target['onChange']>;
}

export interface Pause {
  readonly from: Instant;
  readonly to: Instant | null;
  /** The clock had been stopped in between and was reopened. */
  readonly isStop?: true;
  /** What decided it: a condition that held, or that another team had the ticket. */
  readonly why?: string;
}

/** A step of the ladder that was taken. */
export interface Passed {
  readonly step: string;
  /** 0: for the first time; n: its nth repetition. */
  readonly time: number;
  /** When the terms reached it: by this it is known. */
  readonly due: Instant;
  /** When it happened: the later of `due` and the instant from which on those terms held. */
  readonly at: Instant;
  readonly targetSeconds: number;
}

export interface Breach {
  readonly due: Instant;
  readonly at: Instant;
  readonly targetSeconds: number;
  /** The instant of the late fact by which it had not been a breach. */
  readonly withdrawnAt: Instant | null;
}

/** Terms that a clock was counted by, until it was retargeted. */
export interface Former {
  readonly terms: Terms;
  readonly since: Instant;
  readonly until: Instant;
}

export interface Clock {
  /** Unique on the ticket. */
  readonly id: string;
  /** Id of the target that it counts; the second clock of one is `nextResponse-2`. */
  readonly target: string;
  readonly metric: Metric;
  readonly kind: ClockKind;
  /** The team whose clock it is, of an OLA. */
  readonly teamId: string | null;
  readonly state: ClockState;
  readonly terms: Terms;
  /** Since when these terms hold: nothing was late by them before. */
  readonly termsSince: Instant;
  readonly former: readonly Former[];
  readonly startedAt: Instant;
  /** From where time is counted: the start, or the last restart. */
  readonly countsFrom: Instant;
  /** When it was stopped or cancelled. */
  readonly stoppedAt: Instant | null;
  readonly pauses: readonly Pause[];
  readonly passed: readonly Passed[];
  readonly breaches: readonly Breach[];
}
