/** The words of Volvo's log of problems in ours. For people: docs/replay-mapping.md; a test holds the two together. */
import type { Level } from '../../../models/tickets/ticket';
import type { Place } from '../place';

/** Status and sub-status → place. `stays`: it says who has it only. `same`: it says nothing. */
export const placeOfForeign: Readonly<Record<string, Place | 'stays' | 'same'>> = {
  'Queued+Awaiting Assignment': 'queued',
  'Accepted+Assigned': 'stays',
  'Accepted+In Progress': 'investigating',
  'Accepted+Wait': 'fixInProgress',
  'Completed+Closed': 'closed',
  'Completed+Cancelled': 'cancelled',
  'Unmatched+Unmatched': 'same',
};

/** A major one is declared besides. */
export const levelOfForeign: Readonly<Record<string, Level>> = {
  Major: 'high',
  High: 'high',
  Medium: 'medium',
  Low: 'low',
};

/** How it ended; the log says no more than that it did. */
export const codeOfForeign: Readonly<Record<string, string>> = {
  'Completed+Closed': 'fixed',
  'Completed+Cancelled': 'obsolete',
};
