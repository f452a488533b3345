import type { Answer } from '../../models/approvals/quorum';
import type { Context, GroupKind, Person } from '../../models/tickets/rules';
import type { Fact } from '../../models/tickets/fact';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  aFact,
  eventsOf,
  knownPeople,
  later,
  monday,
  noticesOf,
  opened,
  people,
  processOf,
  refusalOf,
  teams,
  tell,
  until,
  uuid,
} from '../../tests/factories';
import { ApprovalDetailsShape } from './details';

const { requester, agent, colleague, manager, admin, other } = people;
const subject = { id: uuid(81), type: 'change', number: 'CHG0000001', title: 'Mail moves' };

interface World {
  /** Who is in the team `desk` and who is a manager. */
  readonly desk?: readonly { id: string }[];
  readonly managers?: readonly { id: string }[];
  /** Who stands in for whom, by id. */
  readonly substitutes?: Readonly<Record<string, { id: string }>>;
  readonly isSubjectOpen?: boolean;
}

function contextOf(world: World = {}): Context {
  const { desk = [agent, colleague], managers = [manager], substitutes = {} } = world;
  const groups: Readonly<Record<string, readonly { id: string }[]>> = {
    [`membersOf/${teams.desk}`]: desk,
    'holdersOf/manager': managers,
  };
  const known = (id: string): Person | undefined => {
    const found = knownPeople.find((one) => one.id === id);
    const substitute = knownPeople.find((one) => one.id === substitutes[id]?.id);
    return found && { ...found, substitute: substitute ?? null };
  };
  return aContext({
    person: known,
    people: (kind: GroupKind, id) =>
      knownPeople.filter((one) => groups[`${kind}/${id}`]?.some((member) => member.id === one.id)),
    ticket: () => ({
      ...{ ...subject, requesterId: requester.id, serviceId: null },
      isOpen: world.isSubjectOpen ?? true,
    }),
  });
}

/** A round of the team `desk`, opened by the requester on Monday at nine, unless said otherwise. */
function begun(input: object = {}, world: World = {}, via: Fact['via'] = 'api') {
  const given = processOf('approval').inputs.open.parse({
    title: 'A second monitor',
    description: '240 EUR',
    approvers: [{ kind: 'team', id: teams.desk }],
    ...input,
  });
  const fact = aFact('opened', given, { actor: requester, occurredAt: monday, via });
  return opened(fact, contextOf(world), processOf('approval'));
}

const aRound = (input: object = {}, world: World = {}) => {
  const { ticket } = begun(input, world, 'rule');
  return { ...ticket, number: 'APR0000001' };
};
const detailsOf = ({ details }: Ticket) => ApprovalDetailsShape.parse(details);
const answer = (name: Answer | 'ask', actor: { id: string }, input: object = {}) =>
  aFact(name, input, { actor: { ...agent, ...actor }, via: 'api' });
const byHand = (name: Answer, by?: string) =>
  aFact(name, by === undefined ? {} : { by }, { via: 'signal' });
const word = (name: string, input: object = {}) => aFact(name, input, { via: 'api' });
const told = (ticket: Ticket, facts: readonly Fact[], world: World = {}) =>
  tell(ticket, facts, contextOf(world));
const refused = (ticket: Ticket, fact: Fact, world: World = {}) => {
  const { code } = refusalOf(() => told(ticket, [fact], world));
  return code;
};

describe('a round that opens', () => {
  it('asks everybody who was found, tells them, and plans the reminder and the end', () => {
    const { ticket, owed } = begun();
    expect(ticket).toMatchObject({ state: 'pending', awaitedIds: [agent.id, colleague.id] });
    expect(owed.notices).toEqual([{ to: 'awaited', notice: 'asked', data: {} }]);
    expect(ticket.agenda.map(({ key, at }) => [key, at])).toEqual([
      ['reminder', later({ days: 1 })],
      ['expiry', later({ days: 7 })],
    ]);
  });

  it('does not ask the requester, unless they may approve their own', () => {
    const desk = [agent, requester];
    expect(begun({}, { desk }).ticket.awaitedIds).toEqual([agent.id]);
    const own = begun({ mayApproveOwn: true }, { desk }).ticket;
    expect(own.awaitedIds.slice().sort()).toEqual([requester.id, agent.id]);
  });

  it('does not ask who is barred', () => {
    expect(begun({ barredIds: [agent.id] }).ticket.awaitedIds).toEqual([colleague.id]);
  });

  it('ends at once when nobody can answer, and when too few can', () => {
    const nobody = begun({}, { desk: [], managers: [] });
    expect(nobody.ticket).toMatchObject({ state: 'rejected', awaitedIds: [], agenda: [] });
    expect(detailsOf(nobody.ticket).outcome).toMatchObject({ reason: 'nobodyCanAnswer' });
    const few = begun({ quorum: { kind: 'count', n: 3 } });
    expect(detailsOf(few.ticket).outcome).toMatchObject({ reason: 'outOfQuorum' });
  });
});

describe('an answer', () => {
  it('is kept with who gave it, by what, and when; the last one decides', () => {
    const { ticket, happenings } = told(aRound(), [
      answer('approve', agent, { comment: 'Yes.' }),
      answer('approve', colleague),
    ]);
    expect(ticket).toMatchObject({ state: 'approved', awaitedIds: [], agenda: [] });
    const [first] = detailsOf(ticket).votes;
    expect(first).toEqual({
      ...{ approverId: agent.id, byId: agent.id, answer: 'approve', comment: 'Yes.', via: 'api' },
      at: later({ hours: 1 }),
    });
    expect(eventsOf({ ticket, happenings })).toEqual(['answered', 'answered', 'decided']);
    expect(noticesOf({ ticket, happenings })).toEqual([['requester', 'approved']]);
  });

  it('lets whoever gave it go on seeing the round', () => {
    expect(told(aRound(), [answer('approve', agent)]).ticket.watcherIds).toEqual([agent.id]);
  });

  it('ends the round early: out of quorum, by veto, by the first', () => {
    const ends = (input: object, ...facts: Fact[]) => {
      const { ticket } = told(aRound(input), facts);
      return [ticket.state, detailsOf(ticket).outcome?.reason];
    };
    expect(ends({}, answer('reject', agent))).toEqual(['rejected', 'outOfQuorum']);
    const veto = { approvers: [{ kind: 'team', id: teams.desk, veto: true }] };
    const anyone = { quorum: { kind: 'anyone' } };
    expect(ends(anyone, answer('reject', agent))).toEqual(['pending', undefined]);
    expect(ends({ ...anyone, ...veto }, answer('reject', agent))).toEqual(['rejected', 'veto']);
    const first = { quorum: { kind: 'first' } };
    expect(ends(first, answer('approve', agent))).toEqual(['approved', 'firstAnswer']);
    const silence = [answer('abstain', agent), answer('abstain', colleague)];
    expect(ends({}, ...silence)).toEqual(['rejected', 'nobodyAnswered']);
  });

  it.each([
    ['of somebody who was not asked', answer('approve', other), 'forbidden'],
    ['of the requester', answer('approve', requester), 'forbidden'],
    ['by the engine of nobody', byHand('approve'), 'forbidden'],
    ['by the engine of somebody unknown', byHand('approve', 'x@acme.example'), 'forbidden'],
    ['by the engine of the requester', byHand('approve', requester.id), 'forbidden'],
    ['by the engine of __proto__', byHand('approve', '__proto__'), 'forbidden'],
    ['to what was shown before', { ...answer('approve', agent), seen: 'another' }, 'conflict'],
  ])('%s is refused', (_, fact, code) => {
    expect(refused(aRound(), fact)).toBe(code);
  });

  it('is given once; sent again by hand it is said once, and cannot be turned round', () => {
    const { ticket } = told(aRound(), [byHand('approve', agent.id)]);
    expect(refused(ticket, answer('approve', agent))).toBe('conflict');
    expect(refused(ticket, byHand('reject', agent.id))).toBe('conflict');
    const again = told(ticket, [byHand('approve', agent.id.toUpperCase())]);
    expect([detailsOf(again.ticket).votes.length, eventsOf(again)]).toEqual([1, []]);
  });

  it('by the engine is taken by id or by mail address, unless policy refuses it', () => {
    const mail = `${agent.id}@ACME.example`;
    const [vote] = detailsOf(told(aRound(), [byHand('approve', mail)]).ticket).votes;
    expect(vote).toMatchObject({ approverId: agent.id, via: 'signal' });
    const strict = aRound({ answersByEngine: false });
    expect(refused(strict, byHand('approve', mail))).toBe('forbidden');
    expect(told(strict, [answer('approve', agent)]).ticket.awaitedIds).toEqual([colleague.id]);
  });

  it('after the end is not possible', () => {
    const { ticket } = told(aRound(), [answer('reject', agent)]);
    expect(refused(ticket, answer('approve', colleague))).toBe('invalid_transition');
  });
});

describe('a substitute', () => {
  const substitutes = { [agent.id]: other };

  it.each([other.id, `${other.id}@acme.example`])(
    'answers in the place of who is away: %s',
    (said) => {
      const { ticket } = told(aRound(), [byHand('approve', said)], { substitutes });
      expect(detailsOf(ticket).votes[0]).toMatchObject({ approverId: agent.id, byId: other.id });
      expect(ticket.awaitedIds).toEqual([colleague.id]);
    },
  );

  it('who may not answer for themselves may not in the place of others', () => {
    const own = { substitutes: { [agent.id]: requester } };
    expect(refused(aRound(), answer('approve', requester), own)).toBe('forbidden');
    const barred = aRound({ barredIds: [other.id] });
    expect(refused(barred, answer('approve', other), { substitutes })).toBe('forbidden');
  });

  it('who is asked, too, answers once: for themselves', () => {
    const both = { substitutes: { [agent.id]: colleague } };
    const { ticket } = told(aRound(), [answer('approve', colleague)], both);
    expect(ticket.awaitedIds).toEqual([agent.id]);
    expect(refused(ticket, answer('approve', colleague), both)).toBe('conflict');
  });
});

describe('time', () => {
  it('reminds those who are silent, as often as was said, and not when all is over', () => {
    const so = told(aRound(), [
      { ...answer('approve', agent), occurredAt: later({ hours: 30 }) },
      until(later({ days: 3 })),
    ]);
    expect(eventsOf(so)).toEqual(['reminded', 'answered', 'reminded', 'reminded']);
    expect(noticesOf(so)).toEqual(Array(3).fill(['awaited', 'reminded']));
    const quiet = told(aRound({ remindEveryHours: null }), [until(later({ days: 6 }))]);
    expect(eventsOf(quiet)).toEqual([]);
  });

  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
    ['expire', 'expired'],
  ])('runs out, and means what was chosen: %s', (onExpiry, state) => {
    const { ticket } = told(aRound({ onExpiry, expiresInHours: 2 }), [until(later({ hours: 3 }))]);
    expect(ticket).toMatchObject({ state, closedAt: later({ hours: 2 }), awaitedIds: [] });
    expect(detailsOf(ticket).outcome).toEqual({ result: state, reason: 'expired', byId: null });
  });
});

describe('when people change', () => {
  const recheck = word('recheck');

  it('whoever comes is asked, whoever goes is not any more', () => {
    const so = told(aRound(), [recheck], { desk: [colleague, admin] });
    expect(so.ticket.awaitedIds.slice().sort()).toEqual([colleague.id, admin.id]);
    expect(noticesOf(so)).toEqual([[{ userId: admin.id }, 'asked']]);
    expect(so.happenings[0]?.events[0]).toMatchObject({
      type: 'approversChanged',
      data: { joined: [admin.id], left: [agent.id] },
    });
    expect(eventsOf(told(so.ticket, [recheck], { desk: [colleague, admin] }))).toEqual([]);
  });

  it('an answer stays that was given, and what is decided by now is', () => {
    const { ticket } = told(aRound(), [answer('approve', agent)]);
    const so = told(ticket, [recheck], { desk: [] });
    expect(so.ticket).toMatchObject({ state: 'pending', awaitedIds: [manager.id] });
    const over = told(ticket, [recheck], { desk: [agent] });
    expect(over.ticket).toMatchObject({ state: 'approved' });
  });

  it('nobody is left: it ends', () => {
    const { ticket } = told(aRound(), [recheck], { desk: [], managers: [] });
    expect(detailsOf(ticket).outcome).toMatchObject({ reason: 'nobodyCanAnswer' });
  });

  it('a reminder finds them anew, too', () => {
    const so = told(aRound(), [until(later({ days: 1 }))], { desk: [admin] });
    expect(so.ticket.awaitedIds).toEqual([admin.id]);
    expect(eventsOf(so)).toEqual(['approversChanged', 'reminded']);
  });
});

describe('a round about another ticket', () => {
  const about = { subjectId: subject.id };

  it('tells it how it ended, by whom and on what', () => {
    const round = aRound({ ...about, shown: { plan: 'Move' } });
    const { happenings } = told(round, [answer('reject', agent)]);
    expect(happenings[0]?.owed.messages).toEqual([
      {
        ticketId: subject.id,
        name: 'approvalDecided',
        input: {
          ...{ approvalId: round.id, result: 'rejected', reason: 'outOfQuorum', byId: null },
          shownHash: detailsOf(round).shownHash,
          answers: [{ approverId: agent.id, byId: agent.id, answer: 'reject' }],
        },
      },
    ]);
  });

  it.each(['recheck', 'reminder'])('is taken back when that is over: by %s', (how) => {
    const fact = how === 'recheck' ? word(how) : until(later({ days: 1 }));
    const { ticket } = told(aRound(about), [fact], { isSubjectOpen: false });
    expect(ticket).toMatchObject({ state: 'recalled', awaitedIds: [], agenda: [] });
    expect(detailsOf(ticket).outcome).toMatchObject({ reason: 'subjectIsOver' });
  });

  it('is taken back when the other ticket says so', () => {
    const { ticket } = told(aRound(about), [word('withdrawn', { reason: 'cancelled' })]);
    expect(detailsOf(ticket).outcome).toMatchObject({ result: 'recalled', reason: 'cancelled' });
  });
});

describe('what is shown changes', () => {
  const plan = { shown: { plan: 'Move', cost: 10 } };
  const restated = word('restated', { shown: { plan: 'Stay', cost: 10 } });

  it('answers fall, everybody is asked anew, the difference is told, and time begins anew', () => {
    const so = told(aRound(plan), [
      answer('approve', agent),
      { ...restated, occurredAt: later({ hours: 5 }) },
    ]);
    const { votes, round, shownHash } = detailsOf(so.ticket);
    expect([votes, round]).toEqual([[], 2]);
    expect(so.ticket).toMatchObject({ awaitedIds: [agent.id, colleague.id] });
    expect(so.happenings.at(-1)?.events[0]).toMatchObject({
      type: 'restated',
      data: {
        differences: [{ name: 'plan', from: 'Move', to: 'Stay' }],
        fallen: [{ approverId: agent.id, answer: 'approve' }],
      },
    });
    expect(noticesOf(so)).toEqual([['awaited', 'restated']]);
    expect(so.ticket.agenda.find(({ key }) => key === 'expiry')?.at).toBe(
      later({ days: 7, hours: 5 }),
    );
    const late = { ...answer('approve', colleague), seen: detailsOf(aRound(plan)).shownHash };
    expect(refused(so.ticket, late)).toBe('conflict');
    const fresh = { ...late, seen: shownHash };
    expect(told(so.ticket, [fresh]).ticket.awaitedIds).toEqual([agent.id]);
  });

  it('the same said again changes nothing', () => {
    const same = word('restated', { shown: { cost: 10, plan: 'Move' } });
    const so = told(aRound(plan), [answer('approve', agent), same]);
    expect([detailsOf(so.ticket).votes.length, eventsOf(so)]).toEqual([1, ['answered']]);
  });
});

describe('what else people do', () => {
  it('ask: the requester hears of it, and the round goes on', () => {
    const so = told(aRound(), [answer('ask', agent, { comment: 'Which one?' })]);
    expect(so.ticket.awaitedIds).toEqual([agent.id, colleague.id]);
    expect(noticesOf(so)).toEqual([
      ['requester', 'question'],
      ['watchers', 'question'],
    ]);
    expect(refused(aRound(), answer('ask', other, { comment: 'Well?' }))).toBe('forbidden');
  });

  it('recall, by whoever asked; nobody else below a manager may', () => {
    const recall = (actor: Fact['actor']) => aFact('recall', {}, { actor });
    const { ticket } = told(aRound(), [recall(requester)]);
    expect(detailsOf(ticket).outcome).toMatchObject({ result: 'recalled', byId: requester.id });
    expect(refused(aRound(), recall(agent))).toBe('forbidden');
  });

  it('record what a meeting has decided; nobody does so for their own request, nor who is barred', () => {
    const record = aFact(
      'recordDecision',
      { result: 'approved', attendeeIds: [agent.id] },
      { actor: manager },
    );
    const { ticket } = told(aRound(), [record]);
    expect(detailsOf(ticket).outcome).toMatchObject({ reason: 'meeting', byId: manager.id });
    const own = { ...aRound(), requesterId: manager.id };
    expect(refused(own, record)).toBe('forbidden');
    expect(refused(aRound({ barredIds: [manager.id] }), record)).toBe('forbidden');
  });
});
