/** Facts that every process has: who watches a ticket, and what its title and description say, who sees it. */
import { invalid } from '../errors';
import { attachingRules } from './attaching';
import { next } from './next';
import type { Rule } from './rules';
import { tagged } from './tags';
import type { Ticket } from './ticket';

export interface TextEdit {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** Whether only its team is to see it. */
  readonly isConfidential?: boolean | undefined;
}

type Details = Ticket['details'];

const watched: Rule<Details, { userId: string }> = (ticket, { input }) =>
  next(ticket)
    .set({ watcherIds: [...new Set([...ticket.watcherIds, input.userId])].sort() })
    .event('watched', { userId: input.userId });

const unwatched: Rule<Details, { userId: string }> = (ticket, { input }) =>
  next(ticket)
    .set({ watcherIds: ticket.watcherIds.filter((id) => id !== input.userId) })
    .event('unwatched', { userId: input.userId });

const edited: Rule<Details, TextEdit> = (ticket, { input }) =>
  next(ticket)
    .set({
      title: input.title ?? ticket.title,
      description: input.description ?? ticket.description,
      confidentialTeamId: confidentialTo(ticket, input),
    })
    .event('edited', { fields: Object.keys(input) });

function confidentialTo(ticket: Ticket, { isConfidential }: TextEdit): string | null {
  const { confidentialTeamId, teamId } = ticket;
  if (isConfidential === undefined) return confidentialTeamId;
  if (!isConfidential) return null;
  const team = confidentialTeamId ?? teamId;
  if (team === null) throw invalid('/isConfidential', 'needs a team that sees it', 'no_team');
  return team;
}

/** Somebody asked the engine to cancel this life: it is told, and goes on. */
const cancelRequested: Rule<Details, unknown> = (ticket) =>
  next(ticket).event('engineCancelIgnored', {}, 'internal');

/** How a round of approval about this ticket ended, for processes that have no rule of their own for it. */
const approvalDecided: Rule<Details, Readonly<Record<string, unknown>>> = (ticket, { input }) =>
  next(ticket).event('approvalDecided', input);

/** The clocks follow by themselves; when nothing is promised otherwise for this ticket, nothing is left of it. */
const agreed: Rule<Details, unknown> = (ticket) => next(ticket);

export const textRules = {
  ...{ agreed, watched, unwatched, edited, tagged, cancelRequested, approvalDecided },
  ...attachingRules,
};
