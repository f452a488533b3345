import type { PriorityMatrix } from '../../models/tickets/priority';
import type { Cast } from './cast';
import type { Door } from './door';

/** Whom the log's tickets are told to, by whom and with which rules. */
export interface Play {
  readonly door: Door;
  readonly cast: Cast;
  readonly matrix: PriorityMatrix;
}
