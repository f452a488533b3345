/** What SLA clocks ask of a request, and what their ladders do to it. */
import type { SlaRules } from '../../models/tickets/rules';
import type { RequestDetails } from './details';
import { handOver } from '../handing';
import { undo } from './undoing';

export const requestSla: SlaRules<RequestDetails> = {
  facets: ({ hold, deliverySeconds, quantity, stuck }) => ({
    holdReason: hold?.reason ?? null,
    deliverySeconds,
    quantity,
    isStuck: stuck.length > 0,
  }),

  acknowledgedAt: () => null,
  levelOf: () => 0,
  waitingSince: ({ hold }) => (hold?.reason === 'customer' ? hold.since : null),

  ladder: {
    reassign: (so, _at, teamId) =>
      so.when(teamId !== so.ticket.teamId, (one) => handOver(one, teamId, null)),
  },

  givenUp: (so, when, context) =>
    undo(so, { reason: 'The requester has not answered.', byId: null }, when, context),
};
