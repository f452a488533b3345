/** The clocks of a ticket follow what a fact has made of it. */
import type { ClockEvent } from '../sla/clock/events';
import { ruleFor } from '../sla/policy/promise';
import { awaitCustomer } from '../sla/waiting';
import type { Agreement } from '../sla/agreement';
import { watchedOf } from './changes';
import { eventsAt, knownAt, promiseeOf, type Left } from './clocks';
import { kernelFacts, type Fact } from './fact';
import type { Next } from './next';
import type { Process } from './rules';
import type { Ground } from './subject';
import type { Ticket } from './ticket';
import { lateStarts, recalled, type Timeline } from './timeline';

export interface Following {
  readonly before: Ticket;
  readonly fact: Fact;
  readonly agreement: Agreement;
  readonly ground: Ground;
  /** How the ticket stood before this fact: only a clock that begins late asks for it. */
  readonly past?: Timeline | undefined;
}

type Said = Next<Ticket['details']>;

/** Moves the clocks by what a fact has made of the ticket, and plans for a wait that begins. */
export function followed(process: Process, so: Said, following: Following): Said {
  const { sla } = process.rules;
  if (!sla) return so;
  const { before, fact, agreement, ground, past } = following;
  const left = leftBy(process, so, fact);
  const terms = { agreement, ground };
  const events = eventsAt(process, left, terms);
  const moved = so.moveClocks(past ? recalled(process, events, { left, past, terms }) : events);
  const since = {
    before: sla.waitingSince(before.details),
    after: sla.waitingSince(so.ticket.details),
  };
  return awaitCustomer(moved, since, () => {
    const promisee = promiseeOf(process, left, ground);
    return promisee && ruleFor(agreement, knownAt(left), promisee)?.rule.waiting;
  });
}

/** Whether a clock has begun for a time that was before it was promised: then the past is asked for. */
export function beginsLate({ events }: { events: readonly { data: object }[] }): boolean {
  return events.some(
    ({ data }) => 'clocks' in data && lateStarts(data.clocks as ClockEvent[]).length > 0,
  );
}

function leftBy(process: Process, { ticket }: Said, fact: Fact): Left {
  const { channel, openedAt, clocks } = ticket;
  const watched = watchedOf(ticket, process.rules.sla);
  const isRefreshed = fact.name === kernelFacts.agreed;
  return { watched, channel, openedAt, clocks, at: fact.occurredAt, isRefreshed };
}
