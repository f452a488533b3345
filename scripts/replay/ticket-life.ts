/** One ticket of the log in Holdfast: opened by its first row, moved by each one after it. */
import { directory } from './blueprint';
import type { Door } from './door';
import { said, type Kept, type LogRow } from './log-row';
import { changedColumns, fieldCommands, keptAfter, nextMove, type Rules } from './plan';
import { Turn, type RowTale, type Told } from './turn';

/** More steps than any way through the process has. */
const mostMoves = 8;

/** The ticket's present, kept between its rows. */
export class TicketLife {
  #told: Told | undefined;
  #before: LogRow | undefined;
  #kept: Kept | undefined;

  constructor(
    readonly door: Door,
    readonly rules: Rules,
  ) {}

  /** The ticket in Holdfast; undefined as long as it is not open. */
  get told(): Told | undefined {
    return this.#told;
  }

  /** Says to Holdfast what this row says; rows of one ticket must come one after another. */
  async take(row: LogRow): Promise<RowTale> {
    const turn = new Turn(row, this.door);
    const from = this.#kept?.state;
    const changed = changedColumns(this.#before, row);
    if (this.#told === undefined) {
      this.#told = await turn.open(openingOf(row));
      this.#kept = { ...row.kept, state: 'New', team: null, assignee: null };
    }
    if (this.#told) this.#told = await this.#follow(turn, this.#told);
    this.#before = row;
    return turn.tale(from, changed);
  }

  async #follow(turn: Turn, told: Told): Promise<Told> {
    const { row } = turn;
    const before = this.#kept ?? row.kept;
    let now = told;
    for (const command of fieldCommands(before, row, now.seen, this.rules)) {
      now = (await turn.command(now, command)) ?? now;
    }
    this.#kept = keptAfter(before, row);
    for (let step = 0; step < mostMoves; step += 1) {
      const move = nextMove(row, now.seen, this.rules);
      if (move === 'arrived') return now;
      const moved = move === 'impossible' ? undefined : await turn.move(now, move);
      if (move === 'impossible') turn.giveUp();
      if (!moved) return now;
      now = moved;
    }
    turn.giveUp();
    return now;
  }
}

function openingOf({ ticket, kept, cells }: LogRow) {
  const caller = said(cells['caller_id']);
  return {
    title: `${ticket} of the log`,
    description: `Replayed from an audit log: ${kept.category ?? 'no category'}.`,
    impact: kept.impact ?? 'medium',
    urgency: kept.urgency ?? 'medium',
    categoryId: directory.category(kept.category),
    serviceId: directory.service(said(cells['cmdb_ci'])),
    ...(caller === null ? {} : { requesterId: directory.person(caller) }),
    channel: 'phone',
  };
}
