/** The words of the Volvo log in ours. For people: docs/replay-mapping.md; a test holds the two together. */
import type { Place } from '../place';

/** Status and sub-status of the log → place; `same` says nothing about the state. */
export const placeOfForeign: Readonly<Record<string, Place | 'same'>> = {
  'Queued+Awaiting Assignment': 'new',
  'Accepted+Assigned': 'new',
  'Accepted+In Progress': 'active',
  'Accepted+Wait': 'hold:problem',
  'Accepted+Wait - User': 'hold:customer',
  'Accepted+Wait - Customer': 'hold:customer',
  'Accepted+Wait - Vendor': 'hold:vendor',
  'Accepted+Wait - Implementation': 'hold:change',
  'Completed+Resolved': 'resolved',
  'Completed+In Call': 'resolved',
  'Completed+Closed': 'closed',
  'Completed+Cancelled': 'cancelled',
  'Unmatched+Unmatched': 'same',
};

/** Resolution code of what was solved while the caller was on the telephone. */
export const codeOfForeign: Readonly<Record<string, string>> = { 'Completed+In Call': 'inCall' };

/** The log names no teams. A ticket lies in the queue, or somebody at a desk has accepted it. */
export const teams = { queue: 'Queue', desk: 'Desk' } as const;

/** The log does not say who asked. */
export const caller = 'Caller of the log';
