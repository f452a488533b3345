/** Who has a ticket. */
import type { Recipient } from './owed';
import type { Ticket } from './ticket';

/** The one who has it, or the team, or (nobody has it) the managers. */
export function holderOf(ticket: Pick<Ticket, 'assigneeId' | 'teamId'>): Recipient {
  if (ticket.assigneeId !== null) return 'assignee';
  return ticket.teamId !== null ? 'team' : 'managers';
}
