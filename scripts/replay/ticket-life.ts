/** One ticket of the log in Holdfast: opened by its first row, moved by each one after it. */
import { z } from 'zod';
import { priorities } from '../../models/tickets/ticket';
import { agentFor, directory, overrider } from './blueprint';
import type { Decision, Door } from './door';
import { said, type Kept, type LogRow } from './log-row';
import { placeOfForeign } from './mapping';
import { changedColumns, fieldCommands, keptAfter, nextMove } from './plan';
import type { Command, Rules, Seen } from './plan';
import type { RowFate, RowTale } from './tale';

export interface Told {
  readonly id: string;
  readonly number: string;
  readonly seen: Seen;
}

/** Just what the replay needs of a ticket; the answer has more. */
export const Ticket = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.string(),
  assignee: z.object({ id: z.string() }).nullable(),
  hold: z.object({ reason: z.string() }).nullable(),
  priorityOverride: z.object({ priority: z.enum(priorities) }).nullable(),
});

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

  /** Its number and id in Holdfast; undefined when it could not be opened. */
  get told(): Told | undefined {
    return this.#told;
  }

  /** Says to Holdfast what this row says; rows of one ticket must come one after another. */
  async take(row: LogRow): Promise<RowTale> {
    const turn = new Turn(row, this.door);
    const before = this.#before;
    const from = this.#kept?.state;
    if (this.#told === undefined) this.#told = await this.#open(turn);
    if (this.#told) this.#told = await this.#follow(turn, this.#told);
    this.#before = row;
    return turn.tale(from, changedColumns(before, row));
  }

  async #open(turn: Turn): Promise<Told | undefined> {
    const { kept } = turn.row;
    const body = openingOf(turn.row);
    const decision = await turn.say('/incidents', { name: 'open', body, by: 'agent' });
    this.#kept = { ...kept, state: 'New', team: null, assignee: null, priority: null };
    return toldBy(decision);
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
      if (move === 'impossible') return turn.giveUp(now);
      const moved = await turn.move(now, move);
      if (!moved) return now;
      now = moved;
    }
    return turn.giveUp(now);
  }
}

/** The commands of one row and what became of them. */
class Turn {
  #commands = 0;
  #refusals: string[] = [];
  #moves: string[] = [];
  #isImpossible = false;

  constructor(
    readonly row: LogRow,
    readonly door: Door,
  ) {}

  async say(path: string, { name, body, by }: Command): Promise<Decision> {
    const { ticket, line, updatedBy } = this.row;
    const key = `replay/${ticket}/${line}/${this.#commands}`;
    this.#commands += 1;
    const as = by === 'manager' ? overrider : agentFor(updatedBy);
    const decision = await this.door.say({ as, path, kind: name, key, body });
    if (!decision.isApplied) this.#refusals.push(`${name}: ${decision.code}`);
    return decision;
  }

  async command({ id }: Told, command: Command): Promise<Told | undefined> {
    return toldBy(await this.say(`/incidents/${id}/actions/${command.name}`, command));
  }

  async move(told: Told, command: Command): Promise<Told | undefined> {
    this.#moves.push(command.name);
    return this.command(told, command);
  }

  giveUp(told: Told): Told {
    this.#isImpossible = true;
    return told;
  }

  tale(from: string | undefined, changed: readonly string[]): RowTale {
    const { ticket, kept } = this.row;
    const fate = this.#fate();
    const jump = `${from ?? '(opened)'} → ${kept.state}`;
    const why = {
      applied: '',
      merged: changed.join(', ') || 'nothing',
      bridged: `${jump}: ${this.#way(from).join(', ')}`,
      refused: this.#refusals.join(', '),
      impossible: jump,
    }[fate];
    return { ticket, fate, why, commands: this.#commands };
  }

  #fate(): RowFate {
    if (this.#refusals.length > 0) return 'refused';
    if (this.#isImpossible) return 'impossible';
    if (this.#commands === 0) return 'merged';
    return this.#moves.length > 1 || this.#isBornLate() ? 'bridged' : 'applied';
  }

  /** The log begins in the middle of this life: ours is opened first. */
  #isBornLate(): boolean {
    return this.#opened && placeOfForeign[this.row.kept.state] !== 'new' && this.#moves.length > 0;
  }

  get #opened(): boolean {
    return this.#commands > 0 && this.row === this.#first;
  }

  #first: LogRow | undefined;

  /** Marks this row as the one that opens the ticket. */
  opens(): this {
    this.#first = this.row;
    return this;
  }

  #way(from: string | undefined): string[] {
    return from === undefined ? ['open', ...this.#moves] : this.#moves;
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

/** The ticket in an answer; undefined when the command was refused. */
function toldBy(decision: Decision): Told | undefined {
  if (!decision.isApplied) return undefined;
  const { id, number, state, assignee, hold, priorityOverride } = Ticket.parse(decision.body);
  const seen = {
    state,
    holdReason: hold?.reason ?? null,
    hasAssignee: assignee !== null,
    override: priorityOverride?.priority ?? null,
  };
  return { id, number, seen };
}
