/** A duplicate goes the way of its original: it is resolved with it, and reopened with it. */
import type { Fact } from '../../models/tickets/fact';
import { commentIdOf } from '../../models/tickets/identity';
import type { LinkTurned } from '../../models/tickets/links';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { IncidentDetails } from './details';
import { reopened, resolved } from './steps';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;

const code = 'duplicate';

/** Does what the original has done by now, if it is still the original; said again, it changes nothing. */
export function asTheOriginal(ticket: Incident, fact: Fact<LinkTurned>, context: Context): Said {
  const { kind, ticketId } = fact.input;
  const original = context
    .links(ticket.id)
    .find((linked) => linked.kind === kind && linked.id === ticketId);
  // What was cancelled has helped nobody: what is left of it is this one.
  if (kind !== 'duplicates' || !original || original.state === 'cancelled') return next(ticket);
  const name = original.number ?? 'another incident';
  if (original.hasEnded) {
    const isOpen = ticket.state !== 'resolved';
    return isOpen ? resolvedWith(ticket, name, fact, context) : next(ticket);
  }
  if (!goesOn(ticket)) return next(ticket);
  return reopened(next(ticket), fact.occurredAt).event('reopened', {
    ...{ reason: 'original', original: original.number },
  });
}

/** What somebody resolved by hand has its own resolution, and keeps it. */
function goesOn({ state, details: { resolution } }: Incident): boolean {
  return state === 'resolved' && resolution?.code === code && resolution.byId === null;
}

function resolvedWith(
  ticket: Incident,
  name: string,
  { input: { byId }, cause, occurredAt }: Fact<LinkTurned>,
  { settings }: Context,
): Said {
  const notes = `This is a duplicate of ${name}, which was resolved.`;
  const resolution = { code, notes, byId: null };
  return resolved(next(ticket), resolution, occurredAt, settings).when(byId !== null, (so) =>
    so
      .comment({ body: notes, isPublic: true, authorId: byId ?? ticket.requesterId })
      .event('commented', { commentId: commentIdOf(ticket.id, cause) }),
  );
}
