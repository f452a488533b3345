/** What problems, and changes that somebody waits for, do to an incident. */
import type { ProblemEnd } from '../../models/problems/beside';
import type { Settings } from '../../models/organizations/settings';
import type { Fact } from '../../models/tickets/fact';
import { holderOf } from '../../models/tickets/holder';
import { commentIdOf } from '../../models/tickets/identity';
import type { Linked, LinkTurned } from '../../models/tickets/links';
import { next, type Next } from '../../models/tickets/next';
import type { Context, OwnNeed } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { WorkaroundPublished } from '../problems/messages';
import type { IncidentDetails } from './details';
import { longestText } from './inputs';
import { goOn, resolved } from './steps';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;
type Suggestion = NonNullable<IncidentDetails['suggestedResolution']>;

/** What a hold waits for, by the type of the other ticket and the links that say so. */
const waitsFor: Readonly<Record<string, readonly string[]>> = {
  problem: ['causedBy', 'blockedBy'],
  change: ['fixedBy', 'blockedBy'],
};

/** How a problem has ended is read where that is heard. */
export function problemNeeds(
  name: string,
  { kind, ticketId }: Readonly<Record<string, unknown>>,
): OwnNeed[] {
  if (name !== 'linkedEnded' || kind !== 'causedBy' || typeof ticketId !== 'string') return [];
  return [{ kind: 'own', id: 'problem', about: ticketId }];
}

/** A version that it has not heard of yet, of a problem that still causes it; said again, it changes nothing. */
export function workaroundHeard(
  ticket: Incident,
  { input, cause }: Fact<WorkaroundPublished>,
  context: Context,
): Said {
  const { problemId, version, text, isPublic, byId: authorId } = input;
  const problem = linkedTo(ticket, { kind: 'causedBy', ticketId: problemId }, context);
  const { workarounds } = ticket.details;
  const known = workarounds.find((one) => one.problemId === problemId);
  if (!problem || (known && known.version >= version)) return next(ticket);
  const from = problem.number === null ? '' : ` (${problem.number})`;
  const body = `There is a workaround${from}:\n\n${text}`.slice(0, longestText);
  const commentId = commentIdOf(ticket.id, cause);
  const visibility = isPublic ? 'public' : 'internal';
  return next(ticket)
    .details({
      workarounds: [...workarounds.filter((one) => one !== known), { problemId, version }],
    })
    .comment({ body, isPublic, authorId })
    .event('workaroundPublished', { number: problem.number, version, commentId }, visibility)
    .when(isPublic, (so) =>
      so.notify('requester', 'workaroundPublished').notify('watchers', 'workaroundPublished'),
    )
    .notify(holderOf(ticket), 'workaroundPublished');
}

/**
 * What it waits for has ended: it goes on, with a suggestion where a problem was resolved, or is resolved
 * with that where the organization wants it so. How the other one stands counts, not the order of messages.
 */
export function otherEnded(ticket: Incident, fact: Fact<LinkTurned>, context: Context): Said {
  const other = linkedTo(ticket, fact.input, context);
  if (!other?.hasEnded) return next(ticket);
  const suggestion = suggestionBy(other, context);
  const so = suggestion ? suggested(ticket, other, suggestion) : next(ticket);
  const { hold } = ticket.details;
  const isFreed = hold?.reason === other.type && waitsFor[other.type]?.includes(other.kind);
  if (isFreed !== true) return so;
  const { settings } = context;
  if (suggestion && settings.problemResolvesIncidents && !isBlocked(ticket, context)) {
    const { code, notes } = suggestion;
    return resolved(so, { code, notes, byId: null }, fact.occurredAt, settings);
  }
  return goOn(so)
    .event('resumed', { reason: other.type, number: other.number })
    .when(suggestion === undefined, (one) => one.notify(holderOf(ticket), 'resumed'));
}

/** What went on, or was resolved, with a problem stays as it is; its feed says that the problem is back. */
export function otherReopened(ticket: Incident, fact: Fact<LinkTurned>, context: Context): Said {
  const other = linkedTo(ticket, fact.input, context);
  const isBack = other?.kind === 'causedBy' && other.type === 'problem' && !other.hasEnded;
  if (!isBack) return next(ticket);
  return next(ticket).event('problemReopened', { number: other.number }, 'internal');
}

function linkedTo(
  { id }: Incident,
  { kind, ticketId }: Pick<LinkTurned, 'kind' | 'ticketId'>,
  context: Context,
): Linked | undefined {
  return context.links(id).find((one) => one.kind === kind && one.id === ticketId);
}

function isBlocked({ id }: Incident, context: Context): boolean {
  return context.links(id).some(({ kind, hasEnded }) => kind === 'blockedBy' && !hasEnded);
}

function suggested(ticket: Incident, other: Linked, suggestion: Suggestion): Said {
  const { code, notes } = suggestion;
  const present = ticket.details.suggestedResolution;
  const isKnown =
    present?.problemId === other.id && present.code === code && present.notes === notes;
  if (isKnown) return next(ticket);
  return next(ticket)
    .details({ suggestedResolution: suggestion })
    .event('resolutionSuggested', { number: other.number, code, notes }, 'internal')
    .notify(holderOf(ticket), 'problemResolved');
}

/** Of a problem that causes it: fixed is solved; one that is lived with leaves its workaround, if it has one. */
function suggestionBy({ id, kind, type }: Linked, context: Context): Suggestion | undefined {
  if (kind !== 'causedBy' || type !== 'problem') return undefined;
  const { resolution, hasWorkaround } = (context.own('problem') ?? unresolved) as ProblemEnd;
  if (!resolution) return undefined;
  const isFixed = resolution.code === 'fixed';
  if (!isFixed && !hasWorkaround) return undefined;
  const code = codeOf(isFixed ? 'solved' : 'workaround', context.settings);
  return code === undefined ? undefined : { code, notes: resolution.notes, problemId: id };
}

const unresolved: ProblemEnd = { resolution: null, hasWorkaround: false };

/** The organization has codes of its own. */
function codeOf(wanted: string, { resolutionCodes }: Settings): string | undefined {
  return resolutionCodes.includes(wanted) ? wanted : resolutionCodes[0];
}
