/**
 * Which version of its process's definition a ticket lives by. It moves to the present one with the
 * first fact that is decided under it: the line of the feed that says so is that fact's.
 */
import type { NewEvent } from './owed';
import type { Process } from './rules';
import type { Ticket } from './ticket';

/**
 * A ticket as the present definition reads it. One that newer code has moved is left as it is: details
 * are only added to, so the code of the release before can go on with them after a rollback.
 */
export function underPresent(process: Process, ticket: Ticket): Ticket {
  const from = ticket.definitionVersion;
  const { version } = process.declaration;
  if (from >= version) return ticket;
  const details = process.upcast?.(ticket.details, from) ?? ticket.details;
  return { ...ticket, details, definitionVersion: version };
}

/** The line that a move leaves in the feed; none when the ticket was there already. */
export function moveBetween(before: Ticket, after: Ticket): NewEvent[] {
  const [from, to] = [before.definitionVersion, after.definitionVersion];
  if (from === to) return [];
  return [{ type: 'definitionMoved', data: { from, to }, visibility: 'internal' }];
}
