/** The commands of one row of the log, and what became of the row. */
import type { LogRow } from './log-row';
import type { Place } from './place';
import type { Command } from './plan';
import type { Play } from './play';
import type { Told } from './telling';

export const fates = [
  /** Every command was taken. */
  'applied',
  /** It changed nothing that Holdfast keeps. */
  'merged',
  /** The log jumps; ours went there by several steps. */
  'bridged',
  /** Holdfast said no to a command. */
  'refused',
  /** Our process has no way to where the log goes. */
  'impossible',
] as const;
export type RowFate = (typeof fates)[number];

export interface RowTale {
  readonly line: number;
  readonly ticket: string;
  readonly fate: RowFate;
  /** Columns, way or code: why it is so. */
  readonly why: string;
  readonly commands: number;
  /** Where ours is instead, when it did not come to where the row says. */
  readonly stoppedAt: Place | undefined;
}

export class Turn {
  readonly #refusals: string[] = [];
  readonly #moves: string[] = [];
  #commands = 0;
  #impossible: string | undefined;
  #stoppedAt: Place | undefined;

  constructor(
    readonly row: LogRow,
    readonly play: Pick<Play, 'door' | 'cast' | 'telling'>,
  ) {}

  /** Opens the ticket; undefined when that was refused. */
  async open(body: Command['body']): Promise<Told | undefined> {
    return this.#say('', { name: 'open', body, by: 'agent' });
  }

  /** Gives a command; undefined when it was refused. */
  async command({ id }: Told, command: Command): Promise<Told | undefined> {
    return this.#say(`/${id}/actions/${command.name}`, command);
  }

  /** A command on the way to the state that the row names. */
  async move(told: Told, command: Command): Promise<Told | undefined> {
    this.#moves.push(command.name);
    return this.command(told, command);
  }

  /** There is no way; `why` stands before the move that the log makes. */
  giveUp(why: string): void {
    this.#impossible = why;
  }

  /** The ticket stays here, which is not where the row says. */
  stopAt(told: Told, place: Place): Told {
    this.#stoppedAt = place;
    return told;
  }

  /** `from` is the state of the ticket's row before; undefined on the row that opens it. */
  tale(from: string | undefined, changed: readonly string[]): RowTale {
    const { line, ticket, kept } = this.row;
    const fate = this.#fate(from === undefined);
    const jump = `${from ?? '(begins)'} → ${kept.state}`;
    const way = from === undefined ? ['open', ...this.#moves] : this.#moves;
    const why = {
      applied: '',
      merged: changed.join(', ') || 'nothing but who wrote it and when',
      bridged: `${jump}: ${way.join(', ')}`,
      refused: this.#refusals.join(', '),
      impossible: `${this.#impossible ?? ''}${jump}`,
    }[fate];
    return { line, ticket, fate, why, commands: this.#commands, stoppedAt: this.#stoppedAt };
  }

  #fate(opens: boolean): RowFate {
    if (this.#refusals.length > 0) return 'refused';
    if (this.#impossible !== undefined) return 'impossible';
    if (this.#commands === 0) return 'merged';
    // A log that begins in the middle of a life: ours is born first.
    return this.#moves.length > (opens ? 0 : 1) ? 'bridged' : 'applied';
  }

  async #say(below: string, { name, body, by }: Command): Promise<Told | undefined> {
    const { ticket, line, author } = this.row;
    const { door, cast, telling } = this.play;
    const path = `${telling.path}${below}`;
    const key = `replay/${ticket}/${line}/${this.#commands}`;
    this.#commands += 1;
    const as = by === 'manager' ? cast.manager : cast.agentFor(author);
    const decision = await door.say({ as, path, kind: name, key, body });
    if (decision.isApplied) return telling.toldIn(decision.body);
    this.#refusals.push(`${name}: ${decision.code}`);
    return undefined;
  }
}
