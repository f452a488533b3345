/** What the replay has to know of the process by which a log's tickets live. */
import type { LogRow } from './log-row';
import type { Place } from './place';
import type { Command, Directory, Rules, Seen } from './plan';
import type { TicketEvent } from './sequence';

/** A ticket in Holdfast as the last answer showed it. */
export interface Told {
  readonly id: string;
  readonly number: string;
  readonly seen: Seen;
}

export interface Telling {
  /** Of its tickets, below /api/v1. */
  readonly path: string;
  /** Reads a ticket as the API answers with it; throws when it is none. */
  readonly toldIn: (body: unknown) => Told;
  readonly placeOf: (seen: Seen) => Place;
  readonly openingOf: (row: LogRow, directory: Directory) => Command['body'];
  /** Commands for everything but the place, said before it is moved. */
  readonly fieldCommands: (
    before: LogRow['kept'],
    row: LogRow,
    seen: Seen,
    rules: Rules,
  ) => Command[];
  /** The next command on the shortest way to where the row says the ticket stands. */
  readonly nextMove: (row: LogRow, seen: Seen, rules: Rules) => Command | 'arrived' | 'impossible';
  /** The way that our process knows through these places, from its birth on, with the stops between them. */
  readonly wayThrough: (told: readonly Place[]) => Place[];
  /** The places in a ticket's feed. */
  readonly placesOfFeed: (events: readonly TicketEvent[]) => Place[];
}
