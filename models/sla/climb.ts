/** The ladder of a running clock, as a rule that the kernel has for every process with an SLA. */
import type { Instant } from '../instant';
import type { Fact } from '../tickets/fact';
import { holderOf } from '../tickets/holder';
import { next, type Next } from '../tickets/next';
import type { Notice, Recipient } from '../tickets/owed';
import type { Context, SlaRules } from '../tickets/rules';
import type { AgendaEntry, Ticket } from '../tickets/ticket';
import { ladderOf, type Agreement } from './agreement';
import { againAt, clockOfKey, isTaken, lastTaken, standingOf, type Standing } from './agenda';
import { pass, type Step as Pass } from './clock';
import type { ClockEvent } from './clock/events';
import type { Clock } from './clock/shape';
import { sideOf } from './policy/ladder';
import type { Step, StepAction, StepRecipient } from './policy/shape';

/** What each side of the deadline is called in the feed, and what people are told. */
const words = {
  before: { event: 'slaWarned', notice: 'slaWarning' },
  deadline: { event: 'slaBreached', notice: 'slaBreach' },
  after: { event: 'slaEscalated', notice: 'slaEscalation' },
} as const;

/** A step that is taken now. */
interface Taking {
  readonly step: Step;
  readonly time: number;
  readonly due: Instant;
  readonly at: Instant;
  readonly isBreach: boolean;
}

/**
 * Takes a step: recorded once, at the instant at which it was due. When a higher step of the same clock is
 * overdue by now, too, as after an outage, this one tells nobody.
 */
export function climb<D>(
  ticket: Ticket<D>,
  fact: Fact<AgendaEntry>,
  context: Context,
  sla: SlaRules<D>,
): Next<D> {
  const { clockId } = clockOfKey(fact.input.key);
  const clock = ticket.clocks.find(({ id }) => id === clockId);
  if (clock?.state !== 'running') return next(ticket);
  const standing = standingOf(clock, context.agreement);
  const taking = takingOf(standing, fact);
  const after = taking && pass(clock, passOf(taking));
  if (!taking || after === undefined || after === clock) return next(ticket);
  const acknowledgedAt = sla.acknowledgedAt(ticket.details);
  const isQuiet = isOvertaken({ ...standing, clock: after }, taking.step, {
    acknowledgedAt,
    asOf: fact.asOf ?? taking.at,
  });
  return take(next(ticket), standing, taking, { context, sla, isQuiet, at: taking.at });
}

/** As the clock records it. */
function passOf({ step, time, due, at, isBreach }: Taking): Pass {
  return { step: step.key, time, due, at, isBreach };
}

interface Way<D> {
  readonly context: Context;
  readonly sla: SlaRules<D>;
  readonly isQuiet: boolean;
  readonly at: Instant;
}

function take<D>(so: Next<D>, standing: Standing, taking: Taking, way: Way<D>): Next<D> {
  const { clock, steps } = standing;
  const { step, time, at } = taking;
  const { event } = words[sideOf(step)];
  const passed: ClockEvent = { clock: clock.id, did: 'passed', ...passOf(taking) };
  const data = {
    clock: clock.id,
    step: step.key,
    at,
    ...(time > 0 && { time }),
    ...percentOf(step),
  };
  const recorded = so.moveClocks([passed]).event(event, data, 'internal');
  const acting = { ...way, isAgain: time > 0, wasTaken: wasTaken(clock, step) };
  if (time <= (step.repeat?.times ?? 0)) return act(recorded, step, data, acting);
  // Nobody has acknowledged it.
  const otherwise = steps.find(({ key }) => key === step.repeat?.otherwise);
  if (!otherwise) return nextLevel(recorded, data, way);
  return take(recorded, standing, { step: otherwise, time: 0, due: at, at, isBreach: false }, way);
}

/** Once before, by whichever terms. */
function wasTaken({ passed }: Clock, { key }: Step): boolean {
  return passed.some(({ step, time }) => step === key && time === 0);
}

interface Acting<D> extends Way<D> {
  /** It comes again as nobody has acknowledged it: people are told, no more. */
  readonly isAgain: boolean;
  readonly wasTaken: boolean;
}

function act<D>(so: Next<D>, step: Step, data: Notice['data'], way: Acting<D>): Next<D> {
  const { notice } = words[sideOf(step)];
  return step.actions.reduce<Next<D>>((one, action) => {
    if (action.action !== 'notify') return way.isAgain ? one : move(one, action, way);
    return way.isQuiet ? one : tell(one, action.to, { notice, data });
  }, so);
}

function tell<D>(
  so: Next<D>,
  to: readonly StepRecipient[],
  { notice, data }: Omit<Notice, 'to'>,
): Next<D> {
  return to.reduce<Next<D>>(
    (one, recipient) => one.notify(recipientOf(recipient, one.ticket), notice, data),
    so,
  );
}

function recipientOf(to: StepRecipient, ticket: Pick<Ticket, 'assigneeId' | 'teamId'>): Recipient {
  return to === 'holder' ? holderOf(ticket) : to;
}

function move<D>(
  so: Next<D>,
  action: Exclude<StepAction, { action: 'notify' }>,
  { context, sla, at, wasTaken: isSecond }: Acting<D>,
): Next<D> {
  if (action.action !== 'reassign') return sla.ladder[action.action]?.(so, at) ?? so;
  // A team that works no more takes nothing. Two ladders that hand it to each other do so once.
  if (isSecond || context.team(action.teamId)?.isActive !== true) return so;
  return sla.ladder.reassign?.(so, at, action.teamId) ?? so;
}

/** One level higher: the first is the team lead, higher ones the managers. */
function nextLevel<D>(so: Next<D>, data: Notice['data'], way: Way<D>): Next<D> {
  const raised = way.sla.ladder.escalate?.(so, way.at) ?? so;
  const to = way.sla.levelOf(raised.ticket.details) <= 1 ? 'teamLead' : 'managers';
  return raised.when(!way.isQuiet, (one) => one.notify(to, words.after.notice, data));
}

/** Undefined when the ladder is not the one that put the entry there. */
function takingOf({ steps, rungs }: Standing, { input }: Fact<AgendaEntry>) {
  const { step: key, time } = clockOfKey(input.key);
  const rung = rungs.find((one) => one.key === key);
  if (time === 0) {
    return rung && { step: rung, time, due: rung.due, at: rung.happensAt, isBreach: rung.isBreach };
  }
  const step = steps.find((one) => one.key === key);
  return step && { step, time, due: input.at, at: input.at, isBreach: false };
}

/** A higher step is taken or overdue, or this one, just taken, comes again before now. */
function isOvertaken(
  standing: Standing,
  step: Step,
  { acknowledgedAt, asOf }: { acknowledgedAt: Instant | null; asOf: Instant },
): boolean {
  const { clock, rungs } = standing;
  const place = rungs.findIndex(({ key }) => key === step.key);
  const isHigherDue = rungs
    .slice(place + 1)
    .some((rung) => isTaken(clock, rung) || rung.happensAt <= asOf);
  if (place >= 0 && isHigherDue) return true;
  const taken = lastTaken(standing);
  const again = taken && againAt(taken, acknowledgedAt);
  return again !== undefined && again.at <= asOf;
}

function percentOf({ at }: Step): { percent?: number } {
  return at && 'percent' in at ? { percent: at.percent } : {};
}

/** Teams that a step of this entry's clock may give the ticket to: a need of its fact. */
export function teamsOf(
  { clocks }: Pick<Ticket, 'clocks'>,
  key: string,
  agreement: Agreement,
): string[] {
  const { clockId } = clockOfKey(key);
  const clock = clocks.find(({ id }) => id === clockId);
  const steps = clock ? ladderOf(agreement, clock) : [];
  const actions = steps.flatMap((step) => step.actions);
  return actions.flatMap((one) => (one.action === 'reassign' ? [one.teamId] : []));
}
