/** How big the measurement of deadlines is, and when what falls due. Pure. */
export interface DeadlineSizes {
  /** Open tickets of which nothing falls due. */
  readonly resting: number;
  /** Deadlines a second, and for how long. */
  readonly perSecond: number;
  readonly spreadSeconds: number;
  /** Milliseconds in which nothing is due. */
  readonly restMs: number;
  /** Tickets whose whole ladder passes in the outage, which lasts at least so long. */
  readonly outage: number;
  readonly outageSeconds: number;
  /** Tickets that fall due at one instant, and their target. */
  readonly burst: number;
  readonly burstTargetSeconds: number;
}

/** With the bursts on top of ten thousand that are open. */
export const fullDeadlines: DeadlineSizes = {
  ...{ resting: 5_800, perSecond: 20, spreadSeconds: 60, restMs: 60_000 },
  ...{ outage: 3_000, outageSeconds: 600 },
  ...{ burst: 1_000, burstTargetSeconds: 200 },
};

export const quickDeadlines: DeadlineSizes = {
  ...{ resting: 100, perSecond: 5, spreadSeconds: 10, restMs: 5_000 },
  ...{ outage: 60, outageSeconds: 60 },
  ...{ burst: 100, burstTargetSeconds: 40 },
};

/** Targets in seconds, by which the phases follow each other. */
export interface Schedule {
  /** Of the spread group, whose warnings, breaches and escalations do not overlap. */
  readonly spreadTarget: number;
  /** Of the outage group, whose first step comes when the breaches of the spread one are over. */
  readonly outageTarget: number;
}

/** Openings a second that can be counted on, and what measuring takes beside its time. */
const openedPerSecond = 40;
const slackSeconds = 30;

export function scheduleOf(sizes: DeadlineSizes): Schedule {
  const { spreadSeconds, outage, restMs } = sizes;
  const opened = spreadSeconds + outage / openedPerSecond + slackSeconds;
  const spreadTarget = quarters(Math.max((opened + restMs / 1000) / 0.75, 4 * (spreadSeconds + 3)));
  const outageTarget = quarters((spreadTarget + 2 * slackSeconds) / 0.75);
  return { spreadTarget, outageTarget };
}

/** Up to whole seconds at each step of the standard ladder. */
function quarters(seconds: number): number {
  return 4 * Math.ceil(seconds / 4);
}
