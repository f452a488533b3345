/** One ticket of the log in Holdfast: opened by its first row, moved by each one after it. */
import type { Kept, LogRow } from './log-row';
import { isFinal, type Place } from './place';
import { changedColumns, keptAfter } from './plan';
import type { Play } from './play';
import type { Told } from './telling';
import { Turn, type RowTale } from './turn';

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
      const { cast, telling } = this.play;
      this.#told = await turn.open(telling.openingOf(row, cast.directory));
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
    const { telling, cast, matrix } = this.play;
    const place = telling.placeOf(told.seen);
    if (isFinal(place)) return stayed(turn, told, place);
    const rules = { directory: cast.directory, matrix };
    let now = told;
    for (const command of telling.fieldCommands(before, row, now.seen, rules)) {
      now = (await turn.command(now, command)) ?? now;
    }
    for (let step = 0; step < mostMoves; step += 1) {
      const move = telling.nextMove(row, now.seen, rules);
      if (move === 'arrived') return now;
      const moved = move === 'impossible' ? undefined : await turn.move(now, move);
      if (move === 'impossible') turn.giveUp('');
      if (!moved) return turn.stopAt(now, telling.placeOf(now.seen));
      now = moved;
    }
    turn.giveUp('');
    return turn.stopAt(now, telling.placeOf(now.seen));
  }
}

/** Nothing can be said to a ticket that is over; a log that goes on with it goes on alone. */
function stayed(turn: Turn, told: Told, place: Place): Told {
  const wanted = turn.row.place;
  if (wanted === 'same' || wanted === place) return told;
  turn.giveUp(`after ${place}, which is final here: `);
  return turn.stopAt(told, place);
}
