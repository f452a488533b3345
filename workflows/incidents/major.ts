/** A major incident: somebody coordinates it, and people are told how it stands at least every so often. */
import { Refusal } from '../../models/errors';
import { plusSeconds, type Instant } from '../../models/instant';
import { workingAgent } from '../../models/tickets/checks';
import type { Fact } from '../../models/tickets/fact';
import { commentIdOf } from '../../models/tickets/identity';
import { namedNeeds } from '../../models/tickets/named';
import { next, type Next } from '../../models/tickets/next';
import type { Recipient } from '../../models/tickets/owed';
import type { Context, Need } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import type { AgendaEntry, Priority, Ticket } from '../../models/tickets/ticket';
import { includesRole } from '../../models/users/actor';
import type { IncidentDetails } from './details';
import type { DeclareMajor, PostUpdate } from './inputs';
import { askForReview } from './major-review';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;
type Major = NonNullable<IncidentDetails['major']>;

/** Who is told that an update is late is told so again so many times: the silence is theirs by then. */
export const mostReminders = 12;

const usualMinutes = 60;

function minutesFor(priority: Priority | null): number {
  return priority === 'P1' ? 30 : usualMinutes;
}

/** Declares it, or says its terms anew; nobody is told twice that they coordinate it. */
export function declare(ticket: Incident, fact: Fact<DeclareMajor>, context: Context): Said {
  const { input, actor, occurredAt } = fact;
  const present = ticket.details.major;
  const { reason, updateEveryMinutes = present?.updateEveryMinutes, communication } = input;
  const coordinatorId = coordinatorOf(present, fact, context);
  const terms = {
    ...{ reason, byId: actor.id, coordinatorId },
    ...(updateEveryMinutes !== undefined && { updateEveryMinutes }),
  };
  const declared = begun(next(ticket), terms, occurredAt);
  const { updateEveryMinutes: every = null } = declared.ticket.details.major ?? {};
  const so = declared.event('majorDeclared', { reason, coordinatorId, updateEveryMinutes: every });
  const isNews = coordinatorId !== present?.coordinatorId && coordinatorId !== actor.id;
  const told = isNews ? tellCoordinator(so) : so;
  return communication === undefined ? told : published(told, fact, communication, context);
}

/** Who was named, or who it is already, or whoever declares it. */
function coordinatorOf(
  present: Major | null,
  { input: { coordinatorId }, actor: { id, role } }: Fact<DeclareMajor>,
  context: Context,
): string | null {
  if (coordinatorId !== undefined) return workingAgent('/coordinatorId', coordinatorId, context);
  if (present?.coordinatorId) return present.coordinatorId;
  return role !== null && includesRole(role, 'agent') ? id : null;
}

type Terms = Pick<Major, 'reason' | 'byId' | 'coordinatorId'> &
  Partial<Pick<Major, 'updateEveryMinutes'>>;

/** From now on it is a major one, by these terms; without `updateEveryMinutes` as often as its priority wants. */
export function begun(so: Said, terms: Terms, at: Instant): Said {
  const { major: present, majorReview } = so.ticket.details;
  const major = {
    ...{ declaredAt: at, updateEveryMinutes: minutesFor(so.ticket.priority) },
    ...{ nextUpdateAt: null, lastUpdateAt: null, lastUpdateId: null, remindedTimes: 0 },
    ...present,
    ...terms,
  };
  const declared = so
    .details({ major })
    .notify('teamLead', 'majorDeclared')
    .notify('managers', 'majorDeclared');
  if (declared.ticket.state !== 'resolved') return tellAgain(declared, at);
  return majorReview === null ? askForReview(declared, at) : declared;
}

/** Told that it is theirs; where nobody coordinates it, whoever has it is to name somebody. */
export function tellCoordinator(so: Said): Said {
  const coordinatorId = so.ticket.details.major?.coordinatorId ?? null;
  return coordinatorId === null
    ? so.notify(namerOf(so.ticket), 'coordinatorNeeded')
    : so.notify({ userId: coordinatorId }, 'coordinating');
}

function namerOf({ assigneeId }: Incident): Recipient {
  return assigneeId === null ? 'teamLead' : 'assignee';
}

/** Hands it over. */
export function coordinate(ticket: Incident, coordinatorId: string, context: Context): Said {
  const newId = workingAgent('/coordinatorId', coordinatorId, context);
  const major = majorOf(ticket);
  const so = next(ticket)
    .details({ major: { ...major, coordinatorId: newId } })
    .event('majorCoordinated', { coordinatorId: newId, formerId: major.coordinatorId });
  return newId === major.coordinatorId ? so : tellCoordinator(so);
}

/** A public comment, also to those of its parts; the next one is due anew. */
export function postUpdate(ticket: Incident, fact: Fact<PostUpdate>, context: Context): Said {
  const { body, nextInMinutes } = fact.input;
  majorOf(ticket);
  const so = published(next(ticket), fact, body, context);
  const timed = nextInMinutes === undefined ? so : dueIn(so, nextInMinutes, fact.occurredAt);
  const { nextUpdateAt = null } = timed.ticket.details.major ?? {};
  return timed.event('majorUpdated', { nextUpdateAt });
}

function published(so: Said, fact: Fact, body: string, context: Context): Said {
  const { id } = so.ticket;
  const said = say(so, { ...fact, input: { body, isPublic: true } });
  const { major } = said.ticket.details;
  if (major === null) return said;
  const lastUpdate = { lastUpdateAt: fact.occurredAt, lastUpdateId: commentIdOf(id, fact.cause) };
  const noted = said.details({ major: { ...major, ...lastUpdate } });
  const parts = context
    .links(id)
    .filter(({ kind, type, hasEnded }) => kind === 'child' && type === 'incident' && !hasEnded);
  const sent = parts.reduce((one, part) => toldUpdate(one, part.id), noted);
  return noted.ticket.state === 'resolved' ? sent : tellAgain(sent, fact.occurredAt);
}

/** A part reads the update when the message arrives. */
function toldUpdate(so: Said, partId: string): Said {
  return so.send({ ticketId: partId, name: 'parentUpdated', input: { ticketId: so.ticket.id } });
}

/** A new part is told what the others were told last. */
export function toldNewPart(
  ticket: Incident,
  {
    kind,
    ticketId,
    type,
  }: { readonly kind: string; readonly ticketId: string; readonly type: string },
): Said {
  const isPart = kind === 'child' && type === 'incident';
  const isUnresolved = ticket.resolvedAt === null && ticket.state !== 'cancelled';
  const hasUpdate = typeof ticket.details.major?.lastUpdateId === 'string';
  return isPart && isUnresolved && hasUpdate ? toldUpdate(next(ticket), ticketId) : next(ticket);
}

/** From now on the next update is due as its terms say. */
export function tellAgain(so: Said, at: Instant): Said {
  return dueIn(so, so.ticket.details.major?.updateEveryMinutes ?? null, at);
}

/** What is resolved needs no update. */
export function tellNoMore(so: Said): Said {
  const { major } = so.ticket.details;
  return major === null ? so : withoutUpdate(so, major);
}

function dueIn(so: Said, minutes: number | null, at: Instant): Said {
  const { major } = so.ticket.details;
  if (major === null) return so;
  if (minutes === null) return withoutUpdate(so, major);
  const nextUpdateAt = plusSeconds(at, minutes * 60);
  return planned(so.details({ major: { ...major, nextUpdateAt, remindedTimes: 0 } }), nextUpdateAt);
}

function withoutUpdate(so: Said, major: Major): Said {
  return so
    .details({ major: { ...major, nextUpdateAt: null, remindedTimes: 0 } })
    .unplan('majorUpdate');
}

function planned(so: Said, at: Instant): Said {
  return so.plan({ key: 'majorUpdate', at, what: 'A public update is due.' });
}

/** Its coordinator is told, from the second time on managers, too; reminders of an outage come as one. */
export function remindOfUpdate(ticket: Incident, fact: Fact<AgendaEntry>, context: Context): Said {
  const { occurredAt, asOf = occurredAt } = fact;
  const { major } = ticket.details;
  if (major === null) return next(ticket);
  const remindedTimes = major.remindedTimes + 1;
  const again = plusSeconds(occurredAt, (major.updateEveryMinutes ?? usualMinutes) * 60);
  const isLast = remindedTimes >= mostReminders;
  const so = next(ticket)
    .details({ major: { ...major, remindedTimes } })
    .event('majorUpdateOverdue', { times: remindedTimes }, 'internal');
  return withoutWhoLeft(so, context)
    .when(!isLast, (one) => planned(one, again))
    .when(isLast || again > asOf, (one) => tellLate(one, remindedTimes));
}

function tellLate(so: Said, times: number): Said {
  const coordinatorId = so.ticket.details.major?.coordinatorId ?? null;
  const to = coordinatorId === null ? namerOf(so.ticket) : { userId: coordinatorId };
  return so
    .notify(to, 'majorUpdateDue')
    .when(times > 1, (one) => one.notify('managers', 'majorUpdateDue'));
}

/** Whoever has left coordinates nothing any more. */
function withoutWhoLeft(so: Said, context: Context): Said {
  const { major } = so.ticket.details;
  const coordinatorId = major?.coordinatorId ?? null;
  if (major === null || coordinatorId === null || context.person(coordinatorId)?.isActive === true)
    return so;
  return tellCoordinator(so.details({ major: { ...major, coordinatorId: null } }));
}

export function standDown(ticket: Incident): Said {
  return next(ticket).details({ major: null }).unplan('majorUpdate');
}

function majorOf({ details: { major } }: Incident): Major {
  if (major !== null) return major;
  throw new Refusal('conflict', 'It is not a major incident; declareMajor makes it one.');
}

/** Who is to coordinate it, and whether whoever does is still there. */
export function needsOfMajor({ details }: Incident, { name, input }: Fact): Need[] {
  const given = input as { readonly coordinatorId?: unknown } | null;
  return namedNeeds([
    ['person', given?.coordinatorId],
    ['person', name === 'majorUpdate' ? details.major?.coordinatorId : undefined],
  ]);
}
