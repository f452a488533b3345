/** The one place that makes clocks of an incident of the log, with the functions of models/sla. */
import type { Instant } from '../../../models/instant';
import {
  pause,
  reopen,
  resume,
  retarget,
  startClock,
  stop,
  type Clock,
  type Terms,
} from '../../../models/sla/clock';
import { figures, type Figures } from '../../../models/sla/figures';
import { defaultPolicy } from '../../../models/sla/policy/default';
import type { Priority } from '../../../models/tickets/ticket';
import type { MarkedIncident, Turn } from './incident';
import { always, business, type Hours, type Reading } from './reading';
import { isEnd } from './trait';

export type Targets = (priority: Priority) => { readonly seconds: number; readonly hours: Hours };
/** A reading whose hours are those of the target. */
export type Ending = Omit<Reading, 'hours'>;

/** What a new organization promises. */
export const defaultsOfHoldfast: Targets = (priority) => {
  const { rules } = defaultPolicy({ roundTheClock: always.name, business: business.name });
  for (const { metric, targetSeconds, calendar } of rules.flatMap((rule) => rule.targets)) {
    if (metric !== 'resolution' || typeof targetSeconds === 'number') continue;
    const seconds = 'facet' in targetSeconds ? undefined : targetSeconds[priority];
    if (seconds === undefined) continue;
    return { seconds, hours: calendar.calendarId === always.name ? always : business };
  }
  throw new Error(`Nothing is promised for ${priority}.`);
};

/** The figures when the promise is over; null when the log lacks the instant that ends it. */
export function outcomeOf(
  incident: MarkedIncident,
  targets: Targets,
  ending: Ending,
): Pick<Figures, 'breached' | 'elapsedSeconds'> | null {
  const clock = clockOf(incident, targets, ending);
  const { calendar } = targets(incident.priority).hours;
  return clock.stoppedAt === null ? null : figures(clock, calendar, clock.stoppedAt);
}

function clockOf(incident: MarkedIncident, targets: Targets, ending: Ending): Clock {
  const { openedAt, turns, priority } = incident;
  const terms = termsOf(targets(turns[0]?.priority ?? priority));
  const promised = { id: 'log', target: 'log', metric: 'resolution', kind: 'SLA' } as const;
  const opened = { ...promised, terms, at: openedAt };
  const end = endOf(incident, ending);
  const clock = turns
    .filter(({ at }) => end === null || at <= end)
    .reduce((one, turn) => after(one, turn, targets, ending), startClock(opened));
  return end === null ? clock : stop(clock, end);
}

function after(clock: Clock, turn: Turn, targets: Targets, { waits, until }: Ending): Clock {
  const { at, place, priority } = turn;
  const isOver = isEnd(place);
  const judged = retarget(isOver ? clock : reopen(clock, at), termsOf(targets(priority)), at);
  if (isOver && until === 'Resolved rows') return stop(judged, at);
  if (place === 'same') return judged;
  return waits.includes(place) ? pause(judged, at) : resume(judged, at);
}

/** Null = it is not one instant of the log that ends it, or the log lacks it. */
function endOf(incident: MarkedIncident, { until }: Ending): Instant | null {
  if (until === 'first Closed row') return incident.firstClosedAt;
  if (until === 'closed_at') return incident.closedAt;
  return until === 'resolved_at' ? incident.resolvedAt : null;
}

function termsOf({ seconds, hours }: ReturnType<Targets>): Terms {
  return {
    policy: { id: 'log', version: 1 },
    calendar: { id: hours.name, version: 1 },
    targetSeconds: seconds,
    rule: null,
    onChange: 'keepElapsed',
  };
}
