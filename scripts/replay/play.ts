import type { PriorityMatrix } from '../../models/tickets/priority';
import type { Cast } from './cast';
import type { Door } from './door';
import type { Telling } from './telling';

/** Whom the log's tickets are told to, as what, by whom and with which rules. */
export interface Play {
  readonly door: Door;
  readonly cast: Cast;
  readonly matrix: PriorityMatrix;
  readonly telling: Telling;
}
