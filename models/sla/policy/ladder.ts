/** The steps of a ladder, each with its instant. */
import { compare } from '../../compare';
import { latest, plusSeconds, type Instant } from '../../instant';
import type { Calendar } from '../calendar';
import { reachedAt } from '../clock/deadline';
import type { Clock } from '../clock/shape';
import type { Step, StepTime } from './shape';

/** A warning to whoever has it, then also to the team lead with a higher level, then to the managers. */
export const standardLadder: readonly Step[] = [
  { key: '75', at: { percent: 75 }, actions: [{ action: 'notify', to: ['holder'] }] },
  {
    key: '100',
    at: { percent: 100 },
    actions: [{ action: 'notify', to: ['holder', 'teamLead'] }, { action: 'escalate' }],
  },
  { key: '150', at: { percent: 150 }, actions: [{ action: 'notify', to: ['managers'] }] },
];

export const deadlineKey = 'breach';

/** Recorded also where the ladder has no step at the deadline. */
const deadline: Step = { key: deadlineKey, at: { percent: 100 }, actions: [] };

export interface Rung extends Step {
  /** When the terms reach it. */
  readonly due: Instant;
  /** When it happens: not before these terms held. */
  readonly happensAt: Instant;
  readonly isBreach: boolean;
  /** Before, at or after the deadline. */
  readonly side: 'before' | 'deadline' | 'after';
}

/** Steps with a time of their own, and the deadline, in the order of time and then of the ladder. */
export function rungsOf(clock: Clock, steps: readonly Step[], calendar: Calendar): Rung[] {
  const timed = steps.filter(({ at }) => at !== undefined);
  const all = timed.some(isDeadline) ? timed : [...timed, deadline];
  const breach = all.find(isDeadline);
  return all
    .map((step) => {
      const due = instantOf(clock, timeOf(step), calendar);
      const happensAt = latest(due, clock.termsSince);
      return { ...step, due, happensAt, isBreach: step === breach, side: sideOf(step) };
    })
    .sort((a, b) => compare(a.due, b.due));
}

/** Where a step lies; one that has no time of its own comes after others were taken in vain. */
export function sideOf(step: Step): Rung['side'] {
  const offset = offsetOf(timeOf(step));
  return offset < 0 ? 'before' : offset === 0 && step.at ? 'deadline' : 'after';
}

function timeOf({ at }: Step): StepTime {
  return at ?? { percent: 100 };
}

function instantOf(clock: Clock, at: StepTime, calendar: Calendar): Instant {
  const { targetSeconds } = clock.terms;
  if ('percent' in at) return reachedAt(clock, calendar, (targetSeconds * at.percent) / 100);
  if ('workingSeconds' in at) return reachedAt(clock, calendar, targetSeconds + at.workingSeconds);
  const due = plusSeconds(reachedAt(clock, calendar, targetSeconds), at.seconds);
  return latest(due, clock.countsFrom);
}

function isDeadline(step: Step): boolean {
  return sideOf(step) === 'deadline';
}

function offsetOf(at: StepTime): number {
  if ('percent' in at) return at.percent - 100;
  return 'workingSeconds' in at ? at.workingSeconds : at.seconds;
}
