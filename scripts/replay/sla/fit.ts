/** Targets that agree best with the mark, and how well they agree elsewhere. Pure. */
import type { Priority } from '../../../models/tickets/ticket';
import type { MarkedIncident } from './incident';
import { outcomeOf, type Ending, type Targets } from './life';
import type { Reading } from './reading';

/** Whether the promise was kept; null = the log lacks the instant that says it. */
export type Judge = (incident: MarkedIncident) => boolean | null;

/** One incident by a number that is small when it was quick; null = it has none. */
type Measure = (incident: MarkedIncident) => number | null;

/** Every target above `over` and up to `upTo` agrees with so many; Infinity = however long. */
export interface Bracket {
  readonly over: number;
  readonly upTo: number;
  readonly agreeing: number;
  readonly incidents: number;
}

type Brackets = ReadonlyMap<Priority, Bracket>;

/** By priority the targets that agree with most marks, of equal ones the shortest. */
export function fit(incidents: readonly MarkedIncident[], measure: Measure): Brackets {
  const measured = incidents.map((one) => ({ ...one, value: measure(one) }));
  const priorities = [...new Set(measured.map(({ priority }) => priority))].sort();
  const bracketFor = (name: Priority) =>
    bracketOf(measured.filter(({ priority }) => priority === name));
  return new Map(priorities.map((priority) => [priority, bracketFor(priority)]));
}

function bracketOf(some: readonly { value: number | null; isMet: boolean }[]): Bracket {
  const points = some.flatMap(({ value, isMet }) => (value === null ? [] : [{ value, isMet }]));
  const values = [...new Set(points.map(({ value }) => value))].sort((a, b) => a - b);
  const candidates = [...values, Infinity].map((upTo, index) => ({
    over: values[index - 1] ?? 0,
    upTo,
    agreeing: points.filter(({ value, isMet }) => isMet === value < upTo).length,
    incidents: points.length,
  }));
  return candidates.reduce((best, one) => (one.agreeing > best.agreeing ? one : best));
}

const yearSeconds = 366 * 86_400;

/** The middle of a bracket; of an open one, and of a priority that taught nothing, beyond a year. */
function middleOf({ over, upTo }: Pick<Bracket, 'over' | 'upTo'> = { over: 0, upTo: Infinity }) {
  return upTo === Infinity ? over + yearSeconds : Math.ceil((over + upTo) / 2);
}

/** Working seconds until the promise is over. */
export function elapsedBy(reading: Reading): Measure {
  const any = { seconds: 1, hours: reading.hours };
  return (incident) => outcomeOf(incident, () => any, reading)?.elapsedSeconds ?? null;
}

export function judgeBy(targets: Targets, ending: Ending): Judge {
  return (incident) => {
    const outcome = outcomeOf(incident, targets, ending);
    return outcome === null ? null : !outcome.breached;
  };
}

/** Judges by a reading, with the targets in the middle of what some incidents teach. */
export function taught(incidents: readonly MarkedIncident[], reading: Reading): Judge {
  const brackets = fit(incidents, elapsedBy(reading));
  const { hours } = reading;
  return judgeBy((priority) => ({ seconds: middleOf(brackets.get(priority)), hours }), reading);
}

/** Judges without a clock: met up to a value that some incidents teach. */
export function guessed(incidents: readonly MarkedIncident[], measure: Measure): Judge {
  const brackets = fit(incidents, measure);
  return (incident) => {
    const value = measure(incident);
    return value === null ? null : value < middleOf(brackets.get(incident.priority));
  };
}

export const agreeing = (incidents: readonly MarkedIncident[], judge: Judge): number =>
  incidents.filter((one) => judge(one) === one.isMet).length;
