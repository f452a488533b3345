/** What SLA clocks ask of an incident, and what their ladders do to it. */
import type { SlaRules } from '../../models/tickets/rules';
import { priorities } from '../../models/tickets/ticket';
import type { IncidentDetails } from './details';
import { begun, tellCoordinator } from './major';
import { handOver, resolved } from './steps';

const byLadder = 'The ladder of a service level.';

export const incidentSla: SlaRules<IncidentDetails> = {
  facets: ({ hold, major, escalation }) => ({
    holdReason: hold?.reason ?? null,
    isMajor: major !== null,
    escalationLevel: escalation.level,
  }),

  acknowledgedAt: ({ escalation }) => escalation.acknowledgedAt,
  levelOf: ({ escalation }) => escalation.level,
  waitingSince: ({ hold }) => (hold?.reason === 'customer' ? hold.since : null),

  ladder: {
    reassign: (so, _at, teamId) =>
      so.when(teamId !== so.ticket.teamId, (one) => handOver(one, teamId, null)),

    escalate: (so) => {
      const { level, reason } = so.ticket.details.escalation;
      return so.details({
        escalation: { level: level + 1, reason, acknowledgedAt: null, acknowledgedById: null },
      });
    },

    declareMajor: (so, at) =>
      so.when(so.ticket.details.major === null, (one) =>
        tellCoordinator(
          begun(one, { reason: byLadder, byId: null, coordinatorId: null }, at),
        ).event('majorDeclared', { reason: byLadder }),
      ),

    raisePriority: (so, at) => {
      const { priority, details } = so.ticket;
      const higher = priority === null ? undefined : priorities[priorities.indexOf(priority) - 1];
      if (higher === undefined || details.raisedAt !== null) return so;
      return so
        .set({ priority: higher })
        .details({
          raisedAt: at,
          priorityOverride: { priority: higher, reason: byLadder, byId: null },
        })
        .event('prioritized', { override: higher, reason: byLadder });
    },
  },

  givenUp: (so, { occurredAt }, { settings }) => {
    const resolution = { code: 'noAnswer', notes: 'The requester has not answered.', byId: null };
    return resolved(so, resolution, occurredAt, settings);
  },
};
