/** What one fact did to a ticket, as data. */
import type { Instant } from '../instant';
import type { Fact, FactActor, Via } from './fact';
import type { Turned } from './linking';
import type { Owed, Visibility } from './owed';
import type { Ticket } from './ticket';

/** A line of the feed, complete but for the place in it that the database gives. */
export interface TicketEvent {
  readonly version: number;
  readonly cause: string;
  readonly type: string;
  readonly visibility: Visibility;
  readonly actor: FactActor;
  readonly via: Via;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one fact did. */
export interface Happening {
  readonly fact: Fact;
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
  readonly owed: Owed;
  /** It has ended or goes on: those that follow it by a link are told. */
  readonly turned?: Turned | undefined;
}
