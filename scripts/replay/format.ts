/** The logs that a replay can read. A third one is one folder and one line here. */
import { bpi2013 } from './bpi2013/log-row';
import type { LogRow } from './log-row';
import { uci } from './uci/log-row';

export interface Format {
  /** Slug of the organization that the log is told to: two logs in one Holdfast do not mix. */
  readonly organization: string;
  /** Rows in the order in which they are told; throws naming the row that cannot be read. */
  readonly read: (text: string) => LogRow[];
}

export const formats: Readonly<Record<string, Format>> = { uci, bpi2013 };
