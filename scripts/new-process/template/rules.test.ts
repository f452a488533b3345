import { holdfast, type Fact } from '../../../models/tickets/fact';
import type { Opening } from '../../../models/tickets/owed';
import type { Ticket } from '../../../models/tickets/ticket';
import {
  aFact,
  anOpening,
  eventsOf,
  later,
  monday,
  noticesOf,
  opened,
  people,
  refusalOf,
  services,
  teams,
  tell,
  until,
  uuid,
} from '../../../tests/factories';
import { sampleProcess } from './rules';

const open = (opening: Partial<Opening> = {}, actor: Fact['actor'] = people.requester) =>
  opened(
    aFact('opened', anOpening(opening), { actor, occurredAt: monday }),
    undefined,
    sampleProcess,
  );
const told = (ticket: Ticket, ...facts: Fact[]) => tell(ticket, facts, undefined, sampleProcess);
const begun = () => told(open().ticket, aFact('start', {})).ticket;

describe('opening', () => {
  it('goes to the team of its service, else to the default team', () => {
    expect(open({ serviceId: services.mail }).ticket.teamId).toBe(teams.network);
    expect(open().ticket.teamId).toBe(teams.desk);
  });

  it('is told to whom it is for when an agent opens it for them', () => {
    const { ticket, owed } = open({ requesterId: people.requester.id }, people.agent);
    expect(ticket.requesterId).toBe(people.requester.id);
    expect(owed.notices).toMatchObject([{ to: 'requester', notice: 'opened' }]);
  });

  it.each([
    ['serviceId', services.ended],
    ['requesterId', uuid(99)],
  ])('is refused with a pointer at %s when that is not known', (field, id) => {
    const refusal = refusalOf(() => open({ [field]: id }, people.agent));
    expect(refusal.details.errors).toMatchObject([{ pointer: `/${field}` }]);
  });
});

describe('the reminder', () => {
  it('comes every two days until somebody begins', () => {
    const waited = told(open().ticket, until(later({ days: 5 })));
    expect(eventsOf(waited)).toEqual(['reminded', 'reminded']);
    expect(noticesOf(waited)).toEqual([
      ['team', 'waiting'],
      ['team', 'waiting'],
    ]);
    expect(waited.ticket.agenda).toMatchObject([{ key: 'beginReminder', at: later({ days: 6 }) }]);
  });

  it('does not come any more once somebody has begun', () => {
    expect(begun().agenda).toEqual([]);
  });
});

describe('assign', () => {
  it('tells whoever has it now', () => {
    const given = told(open().ticket, aFact('assign', { assigneeId: people.colleague.id }));
    expect(given.ticket).toMatchObject({ assigneeId: people.colleague.id, teamId: teams.desk });
    expect(noticesOf(given)).toEqual([['assignee', 'assigned']]);
  });

  it('clears the person when it goes to another team', () => {
    const given = told(begun(), aFact('assign', { teamId: teams.network }));
    expect(given.ticket).toMatchObject({ assigneeId: null, teamId: teams.network });
    expect(noticesOf(given)).toEqual([['team', 'assignedToTeam']]);
  });

  it('is refused for somebody who is no agent', () => {
    const attempt = () => told(begun(), aFact('assign', { assigneeId: people.requester.id }));
    expect(refusalOf(attempt).details.errors).toMatchObject([{ pointer: '/assigneeId' }]);
  });
});

describe('the end', () => {
  it('keeps what came of it, and tells the requester', () => {
    const finished = told(begun(), aFact('finish', { outcome: 'It is there.' }));
    expect(finished.ticket).toMatchObject({
      ...{ state: 'done', closedAt: later({ hours: 1 }) },
      details: { startedAt: later({ hours: 1 }), outcome: 'It is there.' },
    });
    expect(noticesOf(finished)).toEqual([['requester', 'finished']]);
  });

  it('comes with a reason when it is cancelled, and nothing is left to do', () => {
    const { ticket } = told(open().ticket, aFact('cancel', { reason: 'Sent twice.' }));
    expect(ticket).toMatchObject({
      agenda: [],
      details: { cancellation: { reason: 'Sent twice.' } },
    });
  });
});

describe('a comment', () => {
  it('is told to the requester and the holder when it is public, else to the holder', () => {
    const say = (isPublic: boolean) => told(begun(), aFact('commented', { body: 'Hm.', isPublic }));
    expect(noticesOf(say(true)).map(([to]) => to)).toEqual(['requester', 'watchers', 'assignee']);
    expect(noticesOf(say(false)).map(([to]) => to)).toEqual(['assignee']);
  });
});

describe('when somebody leaves', () => {
  const leave = (ticket: Ticket) =>
    told(ticket, aFact('released', { userId: people.agent.id }, { actor: holdfast }));

  it('goes back to its team', () => {
    const left = leave(begun());
    expect(left.ticket).toMatchObject({
      state: 'inProgress',
      assigneeId: null,
      teamId: teams.desk,
    });
    expect([eventsOf(left), noticesOf(left)]).toEqual([['released'], [['team', 'assignedToTeam']]]);
  });

  it('stays as it is when they do not have it', () => {
    expect(eventsOf(leave(open().ticket))).toEqual(['alreadyReleased']);
  });
});
