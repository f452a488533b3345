/** How a rule says what comes next: `next(ticket).state('resolved').notify('requester', 'resolved')`. */
import { plusSeconds, type Instant } from '../instant';
import { allHappened, type ClockEvent } from '../sla/clock/events';
import type { AttachmentChange } from './attachment';
import { nothingOwed, type Birth, type Message, type NewComment, type NewEvent } from './owed';
import type { LinkChange, NewWork, Owed, Recipient, Visibility } from './owed';
import type { Patience, Ticket } from './ticket';

/** Fields that a rule may set directly; everything else follows from the other verbs. */
export type Fields = Partial<
  Pick<
    Ticket,
    | 'title'
    | 'description'
    | 'impact'
    | 'urgency'
    | 'priority'
    | 'assigneeId'
    | 'teamId'
    | 'confidentialTeamId'
    | 'serviceId'
    | 'categoryId'
    | 'watcherIds'
    | 'tags'
    | 'awaitedIds'
    | 'plannedStart'
    | 'plannedEnd'
    | 'resolvedAt'
    | 'answeredAt'
    | 'unansweredSince'
    | 'closedAt'
  >
>;

/** The next state of a ticket and what it owes. Immutable: every verb returns a new one. */
export class Next<Details> {
  constructor(
    readonly ticket: Ticket<Details>,
    readonly events: readonly NewEvent[] = [],
    readonly owed: Owed = nothingOwed,
    readonly clockEvents: readonly ClockEvent[] = [],
  ) {}

  state(state: string): Next<Details> {
    return this.#ticket({ state });
  }

  set(fields: Fields): Next<Details> {
    return this.#ticket(fields);
  }

  details(details: Partial<Details>): Next<Details> {
    return this.#ticket({ details: { ...this.ticket.details, ...details } });
  }

  /** For the kernel: clocks follow the ticket, no rule of a process moves one. */
  moveClocks(events: readonly ClockEvent[]): Next<Details> {
    const clocks = allHappened(this.ticket.clocks, events);
    return this.#with({
      ticket: { ...this.ticket, clocks },
      clockEvents: [...this.clockEvents, ...events],
    });
  }

  /** Puts something on the agenda; an entry of the same key is replaced. */
  plan(entry: { key: string; at: Instant; what: string }): Next<Details> {
    const others = this.ticket.agenda.filter(({ key }) => key !== entry.key);
    return this.#ticket({ agenda: [...others, { ...entry, n: 0 }] });
  }

  unplan(...keys: string[]): Next<Details> {
    return this.#ticket({ agenda: this.ticket.agenda.filter(({ key }) => !keys.includes(key)) });
  }

  /** Owes a named activity; its result comes back as the fact `workDone` or `workFailed`. */
  work(work: NewWork, at: Instant): Next<Details> {
    const added = {
      ...work,
      n: 0,
      attempts: 0,
      expectedBy: plusSeconds(at, longest(work.patience)),
    };
    const others = this.ticket.work.filter(({ key }) => key !== work.key);
    return this.#ticket({ work: [...others, added] });
  }

  event(
    type: string,
    data: Readonly<Record<string, unknown>> = {},
    visibility: Visibility = 'public',
  ): Next<Details> {
    return this.#with({ events: [...this.events, { type, data, visibility }] });
  }

  notify(
    to: Recipient,
    notice: string,
    data: Readonly<Record<string, unknown>> = {},
  ): Next<Details> {
    return this.#owe({ notices: [...this.owed.notices, { to, notice, data }] });
  }

  comment(comment: NewComment): Next<Details> {
    return this.#owe({ comments: [...this.owed.comments, comment] });
  }

  open(birth: Birth): Next<Details> {
    return this.#owe({ births: [...this.owed.births, birth] });
  }

  send(message: Message): Next<Details> {
    return this.#owe({ messages: [...this.owed.messages, message] });
  }

  link(change: LinkChange): Next<Details> {
    return this.#owe({ links: [...this.owed.links, change] });
  }

  attach(change: AttachmentChange): Next<Details> {
    return this.#owe({ attachments: [...this.owed.attachments, change] });
  }

  /** Applies a step only when it is wanted; keeps rules readable without branches. */
  when(isWanted: boolean, step: (next: Next<Details>) => Next<Details>): Next<Details> {
    return isWanted ? step(this) : this;
  }

  #ticket(patch: Partial<Ticket<Details>>): Next<Details> {
    return this.#with({ ticket: { ...this.ticket, ...patch } });
  }

  #owe(patch: Partial<Owed>): Next<Details> {
    return this.#with({ owed: { ...this.owed, ...patch } });
  }

  #with(
    part: Partial<Pick<Next<Details>, 'ticket' | 'events' | 'owed' | 'clockEvents'>>,
  ): Next<Details> {
    return new Next(
      part.ticket ?? this.ticket,
      part.events ?? this.events,
      part.owed ?? this.owed,
      part.clockEvents ?? this.clockEvents,
    );
  }
}

/** Begins what a rule has to say about a ticket. */
export function next<Details>(ticket: Ticket<Details>): Next<Details> {
  return new Next(ticket);
}

/** All attempts and all pauses between them, plus one longest pause for a life that has to come back. */
function longest(patience: Patience): number {
  return (
    patience.attempts * (patience.attemptSeconds + patience.longestDelaySeconds) +
    patience.longestDelaySeconds
  );
}
