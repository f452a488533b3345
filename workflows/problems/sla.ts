/** What SLA clocks ask of a problem, and what their ladders do to it. */
import type { SlaRules } from '../../models/tickets/rules';
import type { ProblemDetails } from './details';
import { handOver } from '../handing';
import { majorDeclared } from './steps';

export const problemSla: SlaRules<ProblemDetails> = {
  facets: ({ major, workaround, fix }) => ({
    isMajor: major !== null,
    hasWorkaround: workaround !== null && workaround.publishedAt !== null,
    fixBy: fix?.by ?? null,
  }),

  acknowledgedAt: () => null,
  levelOf: () => 0,
  // A problem waits for nobody's answer.
  waitingSince: () => null,

  ladder: {
    reassign: (so, _at, teamId) =>
      so.when(teamId !== so.ticket.teamId, (one) => handOver(one, teamId, null)),

    declareMajor: (so, at) =>
      so.when(so.ticket.details.major === null, (one) => {
        const reason = 'The ladder of a service level.';
        return majorDeclared(one, { declaredAt: at, reason, byId: null }).event('majorDeclared', {
          reason,
        });
      }),
  },

  givenUp: (so) => so,
};
