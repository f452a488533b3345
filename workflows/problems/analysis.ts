/** What is known of the cause, written down bit by bit. */
import { invalid } from '../../models/errors';
import { next, type Next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
import type { ProblemDetails } from './details';
import type { Analysis } from './inputs';

type Cause = NonNullable<ProblemDetails['rootCause']>;

/** What is given replaces what was there, the rest stays. Throws invalid_input. */
export function analysed(ticket: Ticket<ProblemDetails>, input: Analysis): Next<ProblemDetails> {
  const summary = input.summary ?? ticket.details.rootCause?.summary;
  if (summary === undefined) throw invalid('/summary', 'is needed the first time', 'required');
  const present: Cause = {
    ...{ whys: [], contributingCauses: [], timeline: [] },
    ...ticket.details.rootCause,
    summary,
  };
  const { whys = present.whys, timeline = present.timeline } = input;
  const { contributingCauses = present.contributingCauses } = input;
  return next(ticket)
    .details({ rootCause: { summary, whys, contributingCauses, timeline } })
    .event('analysed', { fields: Object.keys(input) }, 'internal');
}
