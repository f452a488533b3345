/**
 * An incident that follows another one: a duplicate its original, a part its parent. It is resolved with that
 * one, and reopened with it.
 */
import type { Leader } from '../../models/incidents/leader';
import type { Fact } from '../../models/tickets/fact';
import { commentIdOf } from '../../models/tickets/identity';
import type { Linked, LinkTurned } from '../../models/tickets/links';
import { next, type Next } from '../../models/tickets/next';
import type { Context, Need, OwnNeed } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { IncidentDetails } from './details';
import type { ParentUpdated } from './inputs';
import { reopened, resolved } from './steps';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;
type Resolution = NonNullable<IncidentDetails['resolution']>;

/** Facts about the incident that it follows, or is said to follow. */
const hearing: ReadonlySet<string> = new Set(['linkedEnded', 'linkedReopened', 'parentUpdated']);
/** Facts of which its own parts are told, and what problems say to it. */
const beside: ReadonlySet<string> = new Set([
  ...['declareMajor', 'postUpdate', 'workaroundPublished'],
]);

const ways = {
  duplicates: { is: 'a duplicate', reason: 'original', codeOf: () => 'duplicate' },
  parent: { is: 'a part', reason: 'parent', codeOf: codeOfParent },
} as const;

type Way = (typeof ways)[keyof typeof ways];

/** Whether a fact is about one that it follows. */
export function isFollowed({ input: { kind } }: Fact<LinkTurned>): boolean {
  return Object.hasOwn(ways, kind);
}

/** Does what the one that it follows has done by now, if it still follows it; said again, it changes nothing. */
export function asTheLeader(ticket: Incident, fact: Fact<LinkTurned>, context: Context): Said {
  const { kind, ticketId } = fact.input;
  const leader = linkedTo(ticket, kind, ticketId, context);
  // What was cancelled has helped nobody: what is left of it is this one.
  if ((kind !== 'duplicates' && kind !== 'parent') || leader === undefined) return next(ticket);
  if (leader.state === 'cancelled') return next(ticket);
  if (leader.hasEnded) {
    const isOpen = ticket.state !== 'resolved';
    return isOpen ? resolvedWith(ticket, leader, ways[kind], { fact, context }) : next(ticket);
  }
  if (!goesOn(ticket, leader)) return next(ticket);
  const { reason } = ways[kind];
  return reopened(next(ticket), fact.occurredAt).event('reopened', {
    ...{ reason, [reason]: leader.number },
  });
}

/** A part of a change or a problem is no part of an incident: it does not end with that. */
function linkedTo(
  { id }: Incident,
  kind: string,
  otherId: string,
  context: Context,
): Linked | undefined {
  return context
    .links(id)
    .find((one) => one.kind === kind && one.id === otherId && one.type === 'incident');
}

/** What somebody resolved by hand, or what followed another one, has its own resolution, and keeps it. */
function goesOn({ state, details: { resolution } }: Incident, { id, kind }: Linked): boolean {
  if (state !== 'resolved' || resolution?.byId !== null) return false;
  // Before version 3 only duplicates followed, and did not say whom.
  return (resolution.followedId ?? (isOfDuplicate(resolution, kind) ? id : undefined)) === id;
}

function isOfDuplicate({ code }: Resolution, kind: string): boolean {
  return kind === 'duplicates' && code === ways.duplicates.codeOf();
}

function resolvedWith(
  ticket: Incident,
  leader: Linked,
  way: Way,
  { fact, context }: { readonly fact: Fact<LinkTurned>; readonly context: Context },
): Said {
  const { input, cause, occurredAt } = fact;
  const { byId } = input;
  const notes = `This is ${way.is} of ${leader.number ?? 'another incident'}, which was resolved.`;
  const resolution = { code: way.codeOf(context), notes, byId: null, followedId: leader.id };
  return resolved(next(ticket), resolution, occurredAt, context.settings).when(
    byId !== null,
    (so) =>
      so
        .comment({ body: notes, isPublic: true, authorId: byId ?? ticket.requesterId })
        .event('commented', { commentId: commentIdOf(ticket.id, cause) }),
  );
}

/** Codes that say something of the parent alone. */
const ofItsOwn: ReadonlySet<string> = new Set(['duplicate', 'noAnswer']);

function codeOfParent(context: Context): string {
  const code = leaderIn(context)?.code ?? null;
  return code === null || ofItsOwn.has(code) ? 'solved' : code;
}

/** Passes the newest public update of its parent on to its own requester and watchers, once. */
export function updatedWithParent(
  ticket: Incident,
  { input: { ticketId }, cause }: Fact<ParentUpdated>,
  context: Context,
): Said {
  const parent = linkedTo(ticket, 'parent', ticketId, context);
  const update = leaderIn(context)?.update ?? null;
  if (!parent || update === null || isHeard(ticket, ticketId, update.at)) return next(ticket);
  const body = `${parent.number ?? 'Another incident'}, of which this is a part: ${update.body}`;
  return next(ticket)
    .details({ parentUpdate: { ticketId, at: update.at } })
    .comment({ body, isPublic: true, authorId: update.authorId })
    .event('commented', { commentId: commentIdOf(ticket.id, cause) })
    .notify('requester', 'commented')
    .notify('watchers', 'commented');
}

/** Messages come in no order, and a new part may be told of the same update twice. */
function isHeard({ details: { parentUpdate } }: Incident, ticketId: string, at: string): boolean {
  return parentUpdate?.ticketId === ticketId && parentUpdate.at >= at;
}

/** Its links, where they count; the parent by the process's own loader, as links do not say how it was resolved. */
export function needsOfLinked(
  { id }: Incident,
  { name, input }: Pick<Fact, 'name' | 'input'>,
): (Need | OwnNeed)[] {
  const links: Need = { kind: 'links', id };
  if (beside.has(name)) return [links];
  if (!hearing.has(name)) return [];
  const { kind = 'parent', ticketId } = input as Pick<LinkTurned, 'ticketId'> & Partial<LinkTurned>;
  return kind === 'parent' ? [links, { kind: 'own', id: 'leader', about: ticketId }] : [links];
}

function leaderIn(context: Context): Leader | undefined {
  return context.own('leader') as Leader | undefined;
}
