/** Clocks, targets and policies for tests of service levels, each with plain defaults. */
import type { Instant } from '../models/instant';
import type { PolicyVersion } from '../models/sla/agreement';
import { isTaken } from '../models/sla/agenda';
import type { Calendar } from '../models/sla/calendar';
import {
  pass,
  startClock,
  type Clock,
  type Start,
  type Step,
  type Terms,
} from '../models/sla/clock';
import { rungsOf, standardLadder } from '../models/sla/policy/ladder';
import type { PolicyRule, Target } from '../models/sla/policy/shape';
import type { Agreement } from '../models/sla/agreement';
import type { Fact, FactActor } from '../models/tickets/fact';
import type { Opening } from '../models/tickets/owed';
import type { Context } from '../models/tickets/rules';
import type { Ticket } from '../models/tickets/ticket';
import { aContext, aFact, anOpening, aPolicy, calendars, later, monday } from './factories';
import { opened, people, tell, until, type Told } from './factories';

const hour = 3_600;

/** An instant from `02 15:00` in January 2026; the 2nd is a Friday. */
export function jan(text: string): Instant {
  return new Date(`2026-01-${text.replace(' ', 'T')}Z`).toISOString();
}

/** So many hours on office time, by the standard ladder. */
export function terms(hours: number, more: Partial<Terms> = {}): Terms {
  return {
    policy: { id: 'standard', version: 1 },
    rule: null,
    calendar: { id: 'office', version: 1 },
    targetSeconds: hours * hour,
    onChange: 'keepElapsed',
    ...more,
  };
}

/** Four hours from Friday 15:00. */
export function aClock(start: Partial<Start> = {}): Clock {
  return startClock({
    ...{ id: 'resolution', target: 'resolution', metric: 'resolution', kind: 'SLA' },
    ...{ terms: terms(4), at: jan('02 15:00') },
    ...start,
  });
}

/** The taking of a step of the standard ladder at the instant at which it was due; `100` is the breach. */
export function taking(step: string, due: Instant, at: Instant = due): Step {
  return { step, time: 0, due, at, isBreach: step === '100' };
}

/** Steps of the standard ladder that a clock has not taken: `['75', instant]`; none unless it runs. */
export function ahead(clock: Clock, calendar: Calendar): [string, Instant][] {
  if (clock.state !== 'running') return [];
  return rungsOf(clock, standardLadder, calendar)
    .filter((rung) => !isTaken(clock, rung))
    .map(({ key, happensAt }) => [key, happensAt]);
}

/** The next of those taken at its instant; the same clock when there is none. */
export function takingNext(clock: Clock, calendar: Calendar): Clock {
  const rungs = rungsOf(clock, standardLadder, calendar);
  const next = clock.state === 'running' ? rungs.find((rung) => !isTaken(clock, rung)) : undefined;
  if (!next) return clock;
  const { key: step, due, happensAt: at, isBreach } = next;
  return pass(clock, { step, time: 0, due, at, isBreach });
}

/** A resolution within 8 hours, round the clock. */
export function aTarget(target: Partial<Target> = {}): Target {
  return {
    ...{ id: 'resolution', kind: 'SLA', metric: 'resolution', targetSeconds: 8 * hour },
    calendar: { calendarId: calendars.roundTheClock },
    ...target,
  };
}

/** One that promises that to every ticket. */
export function aRule(rule: Partial<PolicyRule> = {}): PolicyRule {
  return { name: 'All', targets: [aTarget()], ...rule };
}

/** The only policy there is. */
export function only(
  rules: readonly PolicyRule[],
  policy: Partial<PolicyVersion> = {},
): { policies: PolicyVersion[] } {
  return { policies: [aPolicy({ definition: { rules }, ...policy })] };
}

/** What an agent does to an incident, so many hours after it was opened. */
export function at(hours: number, name: string, input: object = {}, actor?: FactActor): Fact {
  return aFact(name, input, { occurredAt: later({ hours }), ...(actor && { actor }) });
}

/** A comment that the requester can read. */
export function says(hours: number, actor: FactActor = people.agent): Fact {
  return at(hours, 'commented', { body: 'Well.', isPublic: true }, actor);
}

export function resolves(hours: number): Fact {
  return at(hours, 'resolve', { code: 'solved', notes: 'Done.' });
}

/** A manager says how urgent it is. */
export function ranks(hours: number, override: string): Fact {
  return at(hours, 'prioritize', { override, reason: 'So.' }, people.manager);
}

/** Nothing but time. */
export function waits(hours: number): Fact {
  return until(later({ hours }));
}

/** An incident that the requester opened on Monday at nine, P3 at the service desk, and how to go on. */
export function opensUnder(
  agreement: Partial<Agreement>,
  opening: Partial<Opening> = {},
): { ticket: Ticket; context: Context; tell: (...told: Fact[]) => Told } {
  const context = aContext({ agreement });
  const fact = aFact('opened', anOpening(opening), {
    ...{ actor: people.requester, occurredAt: monday },
  });
  const { ticket } = opened(fact, context);
  return { ticket, context, tell: (...told) => tell(ticket, told, context) };
}

/** The clock of that id; an error when there is none. */
export function clockOf({ clocks }: Pick<Ticket, 'clocks'>, id: string): Clock {
  const found = clocks.find((one) => one.id === id);
  if (!found) throw new Error(`No clock ${id}: ${clocks.map((one) => one.id).join(', ')}`);
  return found;
}
