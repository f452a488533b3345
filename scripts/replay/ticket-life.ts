/** One ticket of the log in Holdfast: opened by its first row, moved by each one after it. */
import type { Kept, LogRow } from './log-row';
import { isFinal, placeOfOurs, type Place } from './place';
import { changedColumns, fieldCommands, keptAfter, nextMove, type Directory } from './plan';
import type { Play } from './play';
import { Turn, type RowTale, type Told } from './turn';

/** More steps than any way through the process has. */
const mostMoves = 8;

/** The ticket's present, kept between its rows. */
export class TicketLife {
  #told: Told | undefined;
  #before: LogRow | undefined;
  #kept: Kept | undefined;

  constructor(readonly play: Play) {}

  /** The ticket in Holdfast; undefined as long as it is not open. */
  get told(): Told | undefined {
    return this.#told;
  }

  /** Says to Holdfast what this row says; rows of one ticket must come one after another. */
  async take(row: LogRow): Promise<RowTale> {
    const turn = new Turn(row, this.play);
    const from = this.#kept?.state;
    const changed = changedColumns(this.#before, row);
    if (this.#told === undefined) {
      this.#told = await turn.open(openingOf(row, this.play.cast.directory));
      this.#kept = { ...row.kept, state: 'New', team: null, assignee: null };
    }
    if (this.#told) this.#told = await this.#follow(turn, this.#told);
    this.#before = row;
    return turn.tale(from, changed);
  }

  /** As `take` left it in an earlier run; nothing is said. */
  recall(row: LogRow, told: Told | undefined): void {
    if (told !== undefined) this.#kept = keptAfter(this.#kept ?? row.kept, row);
    this.#told = told;
    this.#before = row;
  }

  async #follow(turn: Turn, told: Told): Promise<Told> {
    const { row } = turn;
    const before = this.#kept ?? row.kept;
    this.#kept = keptAfter(before, row);
    const place = placeOf(told);
    if (isFinal(place)) return stayed(turn, told, place);
    const rules = { directory: this.play.cast.directory, matrix: this.play.matrix };
    let now = told;
    for (const command of fieldCommands(before, row, now.seen, rules)) {
      now = (await turn.command(now, command)) ?? now;
    }
    for (let step = 0; step < mostMoves; step += 1) {
      const move = nextMove(row, now.seen, rules);
      if (move === 'arrived') return now;
      const moved = move === 'impossible' ? undefined : await turn.move(now, move);
      if (move === 'impossible') turn.giveUp('');
      if (!moved) return turn.stopAt(now, placeOf(now));
      now = moved;
    }
    turn.giveUp('');
    return turn.stopAt(now, placeOf(now));
  }
}

function placeOf({ seen }: Told): Place {
  return placeOfOurs(seen.state, seen.holdReason);
}

/** Nothing can be said to a ticket that is over; a log that goes on with it goes on alone. */
function stayed(turn: Turn, told: Told, place: Place): Told {
  const wanted = turn.row.place;
  if (wanted === 'same' || wanted === place) return told;
  turn.giveUp(`after ${place}, which is final here: `);
  return turn.stopAt(told, place);
}

function openingOf({ ticket, kept, opening }: LogRow, directory: Directory) {
  const { caller, service } = opening;
  return {
    title: `${ticket} of the log`,
    description: `Replayed from an audit log: ${kept.category ?? 'no category'}.`,
    impact: kept.impact ?? 'medium',
    urgency: kept.urgency ?? 'medium',
    categoryId: directory.category(kept.category),
    serviceId: directory.service(service),
    ...(caller === null ? {} : { requesterId: directory.person(caller) }),
    channel: 'import',
  };
}
