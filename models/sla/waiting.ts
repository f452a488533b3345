/** A ticket that waits for its requester: reminders, and in the end it is given up, as the policy says. */
import { plusDays, plusSeconds, type Instant } from '../instant';
import type { Fact } from '../tickets/fact';
import { next, type Next } from '../tickets/next';
import type { Context, SlaRules } from '../tickets/rules';
import type { AgendaEntry, Ticket } from '../tickets/ticket';
import type { CustomerWait } from './policy/shape';

const prefix = 'wait.';
const givesUp = `${prefix}resolve`;

/** Puts on the agenda what the policy has for a wait that has just begun, and takes it off when it ends. */
export function awaitCustomer<D>(
  so: Next<D>,
  since: { before: Instant | null; after: Instant | null },
  waitingNow: () => CustomerWait | undefined,
): Next<D> {
  if (since.before === since.after) return so;
  const there = so.ticket.agenda.map(({ key }) => key).filter((key) => key.startsWith(prefix));
  const ended = so.unplan(...there);
  const from = since.after;
  const waiting = from === null ? undefined : waitingNow();
  if (from === null || !waiting) return ended;
  const reminded = waiting.remindAfterHours.reduce(
    (one, hours, k) =>
      one.plan({
        key: `${prefix}remind-${k + 1}`,
        at: plusSeconds(from, hours * 3_600),
        what: 'The requester is reminded that an answer is awaited.',
      }),
    ended,
  );
  const { resolveAfterDays } = waiting;
  if (resolveAfterDays === undefined) return reminded;
  const what = 'It is resolved, as the requester has not answered.';
  return reminded.plan({ key: givesUp, at: plusDays(from, resolveAfterDays), what });
}

/** The rule of those entries. */
export function waited<D>(
  ticket: Ticket<D>,
  fact: Fact<AgendaEntry>,
  context: Context,
  sla: SlaRules<D>,
): Next<D> {
  const { input, occurredAt, asOf = occurredAt } = fact;
  if (input.key === givesUp) return sla.givenUp(next(ticket), fact, context);
  const isOvertaken = ticket.agenda.some(({ key, at }) => key.startsWith(prefix) && at <= asOf);
  return next(ticket)
    .event('customerReminded', { since: sla.waitingSince(ticket.details) })
    .when(!isOvertaken, (so) => so.notify('requester', 'answerAwaited'));
}
