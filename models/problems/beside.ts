/** What rules about problems read of other tickets, by loaders of their own. */
import { z } from 'zod';
import type { Instant } from '../instant';

/** Which tickets are asked for: ids. */
export const TicketIds = z.array(z.uuid()).readonly();

/** Another ticket, as a problem looks at it. */
export interface Beside {
  readonly id: string;
  readonly type: string;
  readonly number: string;
  readonly isOpen: boolean;
  readonly isConfidential: boolean;
  readonly isMajor: boolean;
  readonly openedAt: Instant;
  /** Of a change: how the work went. */
  readonly outcome: string | null;
}

/** A problem, as an incident that it causes looks at it. */
export interface ProblemEnd {
  /** Null: it is not resolved, or it was cancelled. */
  readonly resolution: { readonly code: string; readonly notes: string } | null;
  readonly hasWorkaround: boolean;
}
