/** What SLA policies promise for a ticket, as steps that any process's rules can take. */
import type { Instant } from '../instant';
import type { Fact } from '../tickets/fact';
import { next, type Next } from '../tickets/next';
import type { NewEvent, Recipient } from '../tickets/owed';
import type { Context } from '../tickets/rules';
import type { AgendaEntry, Ticket } from '../tickets/ticket';
import { clockOfKey } from './agenda';
import { calendarOf, termsFor } from './agreement';
import { dueAt, pass, retarget, startClock, withdrawn, type Clock } from './clock';

/** Clock ids of the two promises that every ticket with a priority has. */
export const promised = { response: 'firstResponse', resolution: 'resolution' } as const;

/** Starts the clocks that the policy promises at this priority. */
export function startPromises<D>(said: Next<D>, context: Context, at: Instant): Next<D> {
  return Object.entries(promised).reduce((so, [id, metric]) => {
    const { priority } = so.ticket;
    const terms = priority === null ? undefined : termsFor(context.agreement, metric, priority);
    return terms ? so.startClock(startClock({ id, metric, kind: 'SLA', terms, at })) : so;
  }, said);
}

/** Recounts every living clock from its start on the terms of the present priority; tells old and new due. */
export function retargetPromises<D>(said: Next<D>, context: Context): Next<D> {
  return said.ticket.clocks.reduce((so, clock) => {
    const moved = onPresentTerms(clock, so.ticket, context);
    if (moved === clock) return so;
    return so
      .clock(clock.id, () => moved)
      .event(
        'slaRetargeted',
        {
          clock: clock.id,
          from: { targetSeconds: clock.terms.targetSeconds, dueAt: due(clock, context) },
          to: { targetSeconds: moved.terms.targetSeconds, dueAt: due(moved, context) },
          policy: moved.terms.policy,
          calendar: moved.terms.calendar,
        },
        'internal',
      );
  }, said);
}

/**
 * The ladder of a running clock: a warning tells who has the ticket, a breach also the team lead, the
 * last step the managers. Each is recorded once, at the instant at which it was due.
 */
export function passThreshold<D>(ticket: Ticket<D>, fact: Fact<AgendaEntry>): Next<D> {
  const { clockId, percent } = clockOfKey(fact.input.key);
  const clock = ticket.clocks.find(({ id }) => id === clockId);
  const passed = clock && pass(clock, percent, fact.input.at);
  // Passed before, or the clock stands by now: nobody is told again.
  if (!passed || passed === clock) return next(ticket);
  const said = next(ticket).clock(clockId, () => passed);
  const data = { clock: clockId, percent, at: fact.input.at };
  const step = stepOf(percent);
  return step
    .tell(ticket)
    .reduce((so, to) => so.notify(to, step.notice, data), said.event(step.event, data, 'internal'));
}

/** The one who has it, or the team, or (nobody has it) the managers. */
export function holderOf(ticket: Pick<Ticket, 'assigneeId' | 'teamId'>): Recipient {
  if (ticket.assigneeId !== null) return 'assignee';
  return ticket.teamId !== null ? 'team' : 'managers';
}

/** Breaches that a fact took back because it happened before them, as lines of the feed. */
export function withdrawals(before: readonly Clock[], after: readonly Clock[]): NewEvent[] {
  return after.flatMap((clock) => {
    const old = before.find(({ id }) => id === clock.id);
    const breaches = old === undefined || old === clock ? [] : withdrawn(old, clock).breaches;
    return breaches.map(({ at }) => ({
      type: 'slaBreachWithdrawn',
      data: { clock: clock.id, breachedAt: at },
      visibility: 'internal' as const,
    }));
  });
}

interface Step {
  readonly event: string;
  readonly notice: string;
  tell(ticket: Pick<Ticket, 'assigneeId' | 'teamId'>): readonly Recipient[];
}

function stepOf(percent: number): Step {
  if (percent < 100) {
    return { event: 'slaWarned', notice: 'slaWarning', tell: (ticket) => [holderOf(ticket)] };
  }
  if (percent === 100) {
    return {
      event: 'slaBreached',
      notice: 'slaBreach',
      tell: (ticket) => [holderOf(ticket), 'teamLead'],
    };
  }
  return { event: 'slaEscalated', notice: 'slaEscalation', tell: () => ['managers'] };
}

function onPresentTerms<D>(clock: Clock, ticket: Ticket<D>, context: Context): Clock {
  if (ticket.priority === null) return clock;
  const terms = termsFor(context.agreement, clock.metric, ticket.priority);
  return terms ? retarget(clock, terms) : clock;
}

function due(clock: Clock, context: Context): Instant | null {
  return dueAt(clock, calendarOf(context.agreement, clock));
}
