/** The logs that a replay can read. Another one is one folder and one line here. */
import { bpi2013 } from './bpi2013/log-row';
import { bpi2013Problems } from './bpi2013-problems/log-row';
import type { LogRow } from './log-row';
import type { Telling } from './telling';
import { uci } from './uci/log-row';

export interface Format {
  /** Slug of the organization that the log is told to: two logs in one Holdfast do not mix. */
  readonly organization: string;
  /** Rows in the order in which they are told; throws naming the row that cannot be read. */
  readonly read: (text: string) => LogRow[];
  /** As what its tickets are told. */
  readonly telling: Telling;
}

export const formats: Readonly<Record<string, Format>> = {
  uci,
  bpi2013,
  'bpi2013-problems': bpi2013Problems,
};
