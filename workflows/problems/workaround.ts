/** What helps until the cause is gone, told to incidents; and the known error that is made of it. */
import { Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { incident } from '../incidents/process';
import { isOpenState } from '../process';
import type { ProblemDetails } from './details';
import type { WorkaroundPublished } from './messages';

type Problem = Ticket<ProblemDetails>;
type Said = Next<ProblemDetails>;

/** A new text, which nobody is told before it is published. */
export function proposed(
  ticket: Problem,
  { text, isPublic }: { readonly text: string; readonly isPublic: boolean },
): Said {
  const version = (ticket.details.workaround?.version ?? 0) + 1;
  return next(ticket)
    .details({ workaround: { text, isPublic, version, publishedAt: null, publishedById: null } })
    .event('workaroundProposed', { version, isPublic }, 'internal');
}

/** Said again, it goes to the same incidents again, which know that they have heard it. Throws conflict. */
export function published(
  ticket: Problem,
  byId: string | null,
  at: Instant,
  context: Context,
): Said {
  const { workaround } = ticket.details;
  if (!workaround) throw new Refusal('conflict', 'There is no workaround: propose one first.');
  const { version, isPublic } = workaround;
  const news = workaround.publishedAt === null && { publishedAt: at, publishedById: byId };
  const so = next(ticket)
    .details({ workaround: { ...workaround, ...news } })
    .event('workaroundPublished', { version, isPublic }, 'internal');
  return context
    .links(ticket.id)
    .filter(({ kind, type, state }) => {
      return kind === 'causes' && type === incident.type && isOpenState(incident, state);
    })
    .reduce((one, { id }) => tellIncident(one, id), so);
}

/** Nothing when none is published. */
export function tellIncident(so: Said, ticketId: string): Said {
  const { id: problemId, details } = so.ticket;
  const { workaround } = details;
  const byId = workaround?.publishedById ?? null;
  if (!workaround || byId === null) return so;
  const { version, text, isPublic } = workaround;
  const input: WorkaroundPublished = { problemId, version, text, isPublic, byId };
  return so.send({ ticketId, name: 'workaroundPublished', input: { ...input } });
}

/** Throws conflict when none is published. */
export function withdrawn(ticket: Problem, reason: string): Said {
  const { workaround } = ticket.details;
  const since = workaround?.publishedAt ?? null;
  if (!workaround || since === null) throw new Refusal('conflict', 'No workaround is published.');
  const { version } = workaround;
  return next(ticket)
    .details({ workaround: { ...workaround, publishedAt: null, publishedById: null } })
    .event('workaroundWithdrawn', { version, reason }, 'internal');
}

/** A draft, or another text of it; one that is published is retired first. Throws conflict. */
export function recorded(
  ticket: Problem,
  { symptoms, isPublic }: { readonly symptoms: string; readonly isPublic: boolean },
): Said {
  if (ticket.details.knownError?.state === 'published')
    throw new Refusal('conflict', 'The known error is published: retire it, then record it anew.');
  return next(ticket)
    .details({
      knownError: { state: 'draft', symptoms, isPublic, publishedAt: null, retiredAt: null },
    })
    .event('knownErrorRecorded', { isPublic }, 'internal');
}

/** An error is known by its cause, or by what helps against it. Throws conflict. */
export function errorPublished(ticket: Problem, at: Instant): Said {
  const { knownError, rootCause, workaround } = ticket.details;
  if (knownError?.state !== 'draft') throw new Refusal('conflict', 'There is no draft to publish.');
  if (rootCause === null && workaround === null)
    throw new Refusal('conflict', 'Neither a cause nor a workaround is written down.');
  return next(ticket).details({
    knownError: { ...knownError, state: 'published', publishedAt: at },
  });
}
