/** What became of each row of the log, for the report. */

export type RowFate =
  /** Every command was taken. */
  | 'applied'
  /** It changed nothing that Holdfast keeps. */
  | 'merged'
  /** The log jumps; ours went there by several steps. */
  | 'bridged'
  /** Holdfast said no to a command. */
  | 'refused'
  /** Our process has no way to where the log goes. */
  | 'impossible';

export interface RowTale {
  readonly ticket: string;
  readonly fate: RowFate;
  /** Columns, way or code: why it is so. */
  readonly why: string;
  readonly commands: number;
}
