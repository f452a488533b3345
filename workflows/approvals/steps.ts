/** Steps that several rules of a round of approval take. */
import { Refusal } from '../../models/errors';
import { earliest, plusSeconds, type Instant } from '../../models/instant';
import { votersOf, watchesOf } from '../../models/approvals/approvers';
import { verdictOf, type Answer } from '../../models/approvals/quorum';
import type { Fact } from '../../models/tickets/fact';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { ApprovalDetails, Vote } from './details';

type Approval = Ticket<ApprovalDetails>;
type Said = Next<ApprovalDetails>;

const hour = 3_600;

/** Everybody who is to be asked is asked, and time begins to run. */
export function ask(so: Said, at: Instant, context: Context, notice: 'asked' | 'restated'): Said {
  const { details } = so.ticket;
  const expiresAt = plusSeconds(at, details.expiresInHours * hour);
  const asked = withVoters(so, context).notify('awaited', notice);
  const timed = remindLater(
    asked.plan({ key: 'expiry', at: expiresAt, what: 'The round ends without further answers.' }),
    at,
  );
  return decided(timed, at);
}

/** The next reminder, unless the round ends before it. */
export function remindLater(so: Said, at: Instant): Said {
  const { remindEveryHours } = so.ticket.details;
  const expiry = so.ticket.agenda.find(({ key }) => key === 'expiry')?.at;
  if (remindEveryHours === null || expiry === undefined) return so.unplan('reminder');
  const remindAt = plusSeconds(at, remindEveryHours * hour);
  if (earliest(remindAt, expiry) === expiry) return so.unplan('reminder');
  return so.plan({ key: 'reminder', at: remindAt, what: 'Those who are silent are reminded.' });
}

/**
 * Things may have changed: whoever is to answer now is told, and what is decided by now is. A question about
 * something that is over is taken back.
 */
export function findAnew(so: Said, at: Instant, context: Context): Said {
  const { subject } = so.ticket.details;
  if (subject && context.ticket(subject.id)?.isOpen !== true) {
    return conclude(so, { state: 'recalled', reason: 'subjectIsOver', byId: null }, at);
  }
  const before = new Set(so.ticket.details.voters.map(({ id }) => id));
  const found = withVoters(so, context);
  const after = new Set(found.ticket.details.voters.map(({ id }) => id));
  const joined = [...after].filter((id) => !before.has(id));
  const left = [...before].filter((id) => !after.has(id));
  if (joined.length === 0 && left.length === 0) return decided(so, at);
  const told = joined.reduce(
    (one, userId) => one.notify({ userId }, 'asked'),
    found.event('approversChanged', { joined, left }),
  );
  return decided(told, at);
}

/** Those who are asked as things stand. Whoever has answered stays: it was theirs to answer then. */
function withVoters(so: Said, context: Context): Said {
  const { ticket } = so;
  const { approvers, barredIds, mayApproveOwn, votes, voters } = ticket.details;
  const barred = mayApproveOwn ? barredIds : [...barredIds, ticket.requesterId];
  const present = votersOf(approvers, ticket, context, barred);
  const answered = voters.filter(
    ({ id }) =>
      votes.some(({ approverId }) => approverId === id) && !present.some((one) => one.id === id),
  );
  const all = [...present, ...answered];
  return so
    .details({ voters: all, watches: watchesOf(approvers, ticket, all) })
    .set({ awaitedIds: silentOf(all, votes) });
}

function silentOf(voters: ApprovalDetails['voters'], votes: readonly Vote[]): string[] {
  const answered = new Set(votes.map(({ approverId }) => approverId));
  return voters.map(({ id }) => id).filter((id) => !answered.has(id));
}

/** An answer to the question. Throws forbidden, and conflict when it was given to another question. */
export function vote(
  ticket: Approval,
  fact: Fact<{ comment?: string | undefined; by?: string | undefined }>,
  context: Context,
  answer: Answer,
): Said {
  const { votes, shownHash, voters } = ticket.details;
  const { byId, approverId, given } = voterOf(ticket, fact, context);
  if (given) {
    // Sent twice by hand it is said once.
    if (given.answer === answer && fact.via === 'signal') return next(ticket);
    throw new Refusal('conflict', 'This approver has answered already.');
  }
  if (fact.seen !== undefined && fact.seen !== shownHash) {
    throw new Refusal('conflict', 'What is asked about has changed since: read it again.');
  }
  const { via, occurredAt: at } = fact;
  const comment = fact.input.comment ?? null;
  const cast: Vote = { approverId, byId, answer, comment, via, at };
  const all = [...votes, cast];
  const so = next(ticket)
    .details({ votes: all })
    .set({
      awaitedIds: silentOf(voters, all),
      watcherIds: [...new Set([...ticket.watcherIds, byId])].sort(),
    })
    .event('answered', { ...cast, shownHash });
  return decided(so, at);
}

interface Caster {
  readonly approverId: string;
  readonly byId: string;
  /** What they have answered before. */
  readonly given?: Vote | undefined;
}

/** As whom somebody answers: for themselves, else for the first of those in whose place they act. Throws forbidden. */
export function voterOf(
  ticket: Approval,
  fact: Fact<{ by?: string | undefined }>,
  context: Context,
): Caster {
  const { voters, votes } = ticket.details;
  const said = saidBy(ticket, fact);
  const given = (id: string) => votes.find(({ approverId }) => approverId === id);
  const own = voters.find(({ id }) => id === said || emailOf(context, id) === said);
  if (own) return { approverId: own.id, byId: own.id, given: given(own.id) };
  const represented = voters.flatMap(({ id }) => {
    const substitute = context.person(id)?.substitute;
    const isTheirs = substitute?.id === said || substitute?.email?.toLowerCase() === said;
    return substitute && isTheirs ? [{ id, byId: substitute.id }] : [];
  });
  const silent = represented.find(({ id }) => given(id) === undefined) ?? represented[0];
  if (!silent) throw new Refusal('forbidden', 'This is not for them to answer.');
  refuseBarred(ticket, silent.byId);
  return { approverId: silent.id, byId: silent.byId, given: given(silent.id) };
}

/** Whoever may not answer decides in no other way either: in nobody's place, and for no meeting. */
export function refuseBarred({ details, requesterId }: Approval, id: string | null): void {
  const { barredIds, mayApproveOwn } = details;
  const isOwn = !mayApproveOwn && id === requesterId;
  if (id !== null && (isOwn || barredIds.includes(id)))
    throw new Refusal('forbidden', 'This is not for them to answer.');
}

/** Id of whoever has signed in; by the engine, where nobody does, the id or email that was typed. */
function saidBy(
  { details }: Approval,
  { via, actor, input }: Fact<{ by?: string | undefined }>,
): string {
  if (via === 'signal' && !details.answersByEngine) {
    throw new Refusal(
      'forbidden',
      'Answers by the engine do not count here: nobody signs in there.',
    );
  }
  const said = via === 'signal' ? input.by?.toLowerCase() : actor.id;
  if (said !== undefined && said !== null) return said;
  throw new Refusal('forbidden', 'An answer by the engine must say `by` whom it is.');
}

function emailOf(context: Context, id: string): string | undefined {
  return context.person(id)?.email.toLowerCase();
}

/** Ends the round when the answers so far decide it, or when nobody can answer at all. */
function decided(so: Said, at: Instant): Said {
  const { quorum, voters, votes } = so.ticket.details;
  if (voters.length === 0) {
    return conclude(so, { state: 'rejected', reason: 'nobodyCanAnswer', byId: null }, at);
  }
  const ballots = votes.map(({ answer, approverId }) => ({
    answer,
    hasVeto: voters.some(({ id, hasVeto }) => id === approverId && hasVeto),
  }));
  const verdict = verdictOf(quorum, ballots, so.ticket.awaitedIds.length);
  if (!verdict) return so;
  return conclude(so, { state: verdict.result, reason: verdict.reason, byId: null }, at);
}

export interface End {
  readonly state: 'approved' | 'rejected' | 'expired' | 'recalled';
  readonly reason: string;
  readonly byId: string | null;
}

/** The end: whoever waits for it is told. */
export function conclude(so: Said, { state, reason, byId }: End, at: Instant): Said {
  const { subject, votes, shownHash } = so.ticket.details;
  const outcome = { result: state, reason, byId };
  const ended = so
    .state(state)
    .set({ awaitedIds: [], closedAt: at })
    .details({ outcome })
    .event('decided', outcome)
    .notify('requester', state);
  if (!subject) return ended;
  const answersGiven = votes.map(({ approverId, byId, answer }) => ({ approverId, byId, answer }));
  const input = { approvalId: so.ticket.id, ...outcome, shownHash, answers: answersGiven };
  return ended.send({ ticketId: subject.id, name: 'approvalDecided', input });
}
