/** Major incidents: who coordinates them, what people are told and how often, and the review afterwards. */
import type { FactActor } from '../../models/tickets/fact';
import type { Linked } from '../../models/tickets/links';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  aFact,
  anIncident,
  anIncidentIn,
  eventsOf,
  goOn,
  knownPeople,
  later,
  noticesOf,
  people,
  refusalOf,
  tell,
  until,
  uuid,
} from '../../tests/factories';
import { IncidentDetailsShape, upcastIncident } from './details';
import { mostReminders } from './major';

const declare = (input: object = {}, actor: FactActor = people.manager) =>
  aFact('declareMajor', { reason: 'All sites.', ...input }, { actor });
const update = (hours: number, input: object = {}) =>
  aFact('postUpdate', { body: 'Half of it works.', ...input }, { occurredAt: later({ hours }) });
const resolve = (hours: number) =>
  aFact('resolve', { code: 'solved', notes: 'Repaired.' }, { occurredAt: later({ hours }) });
const review = (days: number) =>
  aFact('reviewMajor', { findings: 'One line.' }, { occurredAt: later({ days, hours: 2 }) });
const detailsOf = (ticket: Ticket) => IncidentDetailsShape.parse(ticket.details);
const dueOf = ({ agenda }: Ticket, key: string) => agenda.find((entry) => entry.key === key)?.at;
const major = (input: object = {}) => tell(anIncidentIn('inProgress'), [declare(input)]).ticket;

describe('who coordinates a major incident', () => {
  it('is whoever declares it, unless somebody else is named, who is told', () => {
    expect(detailsOf(major()).major?.coordinatorId).toBe(people.manager.id);
    const told = tell(anIncident(), [declare({ coordinatorId: people.colleague.id })]);
    expect(detailsOf(told.ticket).major?.coordinatorId).toBe(people.colleague.id);
    expect(noticesOf(told)).toContainEqual([{ userId: people.colleague.id }, 'coordinating']);
  });

  it.each([people.requester.id, people.retired.id, uuid(99)])('is no %s', (coordinatorId) => {
    const refusal = refusalOf(() => tell(anIncident(), [declare({ coordinatorId })]));
    expect(refusal.details.errors).toMatchObject([{ pointer: '/coordinatorId' }]);
    const handedOver = aFact('coordinate', { coordinatorId });
    expect(refusalOf(() => tell(major(), [handedOver])).code).toBe('invalid_input');
  });

  it('changes hands, and the new one is told', () => {
    const told = tell(major(), [aFact('coordinate', { coordinatorId: people.agent.id })]);
    expect(detailsOf(told.ticket).major?.coordinatorId).toBe(people.agent.id);
    expect(told.happenings[0]?.events).toMatchObject([
      {
        type: 'majorCoordinated',
        data: { coordinatorId: people.agent.id, formerId: people.manager.id },
      },
    ]);
    expect(noticesOf(told)).toEqual([[{ userId: people.agent.id }, 'coordinating']]);
  });

  it('is nobody of an incident that is no major one', () => {
    const said = aFact('coordinate', { coordinatorId: people.agent.id });
    expect(refusalOf(() => tell(anIncident(), [said])).code).toBe('conflict');
    expect(refusalOf(() => tell(anIncident(), [update(2)])).code).toBe('conflict');
  });

  it('has to be named again when they have left', () => {
    const hasLeft = ({ id }: { id: string }) => id === people.manager.id;
    const context = aContext({
      person: (id) => {
        const person = knownPeople.find((one) => one.id === id);
        return person && { ...person, isActive: !hasLeft(person) };
      },
    });
    const told = tell(major(), [until(later({ hours: 2, minutes: 1 }))], context);
    expect(detailsOf(told.ticket).major?.coordinatorId).toBeNull();
    expect(noticesOf(told)).toEqual([
      ['assignee', 'coordinatorNeeded'],
      ['assignee', 'majorUpdateDue'],
    ]);
  });
});

describe('declaring it anew', () => {
  it('changes the terms and leaves the rest', () => {
    const told = tell(major(), [update(2), declare({ updateEveryMinutes: 15 }, people.admin)]);
    expect(detailsOf(told.ticket).major).toMatchObject({
      ...{ declaredAt: later({ hours: 1 }), coordinatorId: people.manager.id },
      ...{ updateEveryMinutes: 15, lastUpdateAt: later({ hours: 2 }) },
    });
  });
});

describe('public updates', () => {
  const p1 = () => anIncident({ priority: 'P1' });

  it.each([
    ['30 minutes for P1', p1(), {}, later({ hours: 1, minutes: 30 })],
    ['an hour for the others', anIncident(), {}, later({ hours: 2 })],
    ['as often as is said', p1(), { updateEveryMinutes: 45 }, later({ hours: 1, minutes: 45 })],
    ['never', p1(), { updateEveryMinutes: null }, undefined],
  ])('are due: %s', (_, ticket, input, at) => {
    const told = tell(ticket, [declare(input)]);
    expect(dueOf(told.ticket, 'majorUpdate')).toBe(at);
    expect(detailsOf(told.ticket).major?.nextUpdateAt).toBe(at ?? null);
  });

  it('are public comments, and put the next one off; one that is worth saying at once, too', () => {
    const told = tell(anIncident(), [declare({ communication: 'We know.' }), update(1.5)]);
    expect(told.happenings.flatMap(({ owed }) => owed.comments)).toEqual([
      { body: 'We know.', isPublic: true },
      { body: 'Half of it works.', isPublic: true },
    ]);
    expect(noticesOf(told)).toEqual(
      expect.arrayContaining([
        ['requester', 'commented'],
        ['watchers', 'commented'],
      ]),
    );
    expect(dueOf(told.ticket, 'majorUpdate')).toBe(later({ hours: 2, minutes: 30 }));
    expect(detailsOf(told.ticket).major?.lastUpdateAt).toBe(later({ hours: 1.5 }));
    expect(eventsOf(told)).toEqual(
      expect.arrayContaining(['majorDeclared', 'commented', 'majorUpdated']),
    );
  });

  it('may be due at another time, once', () => {
    const [first, second] = [update(2, { nextInMinutes: 240 }), update(3)];
    expect(dueOf(tell(major(), [first]).ticket, 'majorUpdate')).toBe(later({ hours: 6 }));
    expect(dueOf(tell(major(), [first, second]).ticket, 'majorUpdate')).toBe(later({ hours: 4 }));
  });

  it('are sent to open incidents that are a part of it, and to no others', () => {
    const linked = (n: number, other: Partial<Linked> = {}): Linked => ({
      ...{ kind: 'child', id: uuid(n), type: 'incident', number: `INC${n}`, state: 'new' },
      ...{ hasEnded: false, ...other },
    });
    const context = aContext({
      links: () => [
        ...[linked(71), linked(72), linked(73, { hasEnded: true })],
        ...[linked(74, { kind: 'relates' }), linked(75, { type: 'change' })],
      ],
    });
    const messages = tell(major(), [update(1.5)], context).happenings[0]?.owed.messages ?? [];
    expect(messages.map(({ ticketId, name }) => [ticketId, name])).toEqual([
      [uuid(71), 'parentUpdated'],
      [uuid(72), 'parentUpdated'],
    ]);
  });

  it('are told to a part that comes later, while there is something to tell', () => {
    const input = { kind: 'child', ticketId: uuid(71), type: 'incident', number: 'INC1' };
    const linked = aFact('linkedBack', { ...input, isConfidential: false });
    const sent = (ticket: Ticket) =>
      tell(ticket, [linked]).happenings[0]?.owed.messages.map(({ name }) => name);
    const updated = tell(major(), [update(2)]).ticket;
    expect(sent(updated)).toEqual(['parentUpdated']);
    expect(sent(major())).toEqual([]);
    expect(sent(tell(updated, [resolve(3)]).ticket)).toEqual([]);
  });

  it('that are late are asked for at every interval, higher up from the second time on', () => {
    const first = tell(major(), [until(later({ hours: 2 }))]);
    expect(noticesOf(first)).toEqual([[{ userId: people.manager.id }, 'majorUpdateDue']]);
    const second = goOn(first, [until(later({ hours: 3 }))]);
    expect(noticesOf(second).slice(1, 3)).toEqual([
      [{ userId: people.manager.id }, 'majorUpdateDue'],
      ['managers', 'majorUpdateDue'],
    ]);
    expect(detailsOf(second.ticket).major).toMatchObject({
      remindedTimes: 2,
      nextUpdateAt: later({ hours: 2 }),
    });
    const told = tell(second.ticket, [update(3.5)]);
    expect(detailsOf(told.ticket).major).toMatchObject({
      remindedTimes: 0,
      nextUpdateAt: later({ hours: 4, minutes: 30 }),
    });
  });

  it('are not asked for without end; what an outage held up is said once', () => {
    const told = tell(major(), [until(later({ days: 3 }))]);
    expect(detailsOf(told.ticket).major?.remindedTimes).toBe(mostReminders);
    expect(dueOf(told.ticket, 'majorUpdate')).toBeUndefined();
    const late = noticesOf(told).filter(([, notice]) => notice === 'majorUpdateDue');
    expect(late).toHaveLength(2);
  });

  it('end when it is stood down or resolved, and go on when it is reopened', () => {
    const standDown = aFact('standDownMajor', {}, { actor: people.manager });
    expect(dueOf(tell(major(), [standDown]).ticket, 'majorUpdate')).toBeUndefined();
    const resolved = tell(major(), [resolve(2)]).ticket;
    expect(dueOf(resolved, 'majorUpdate')).toBeUndefined();
    expect(detailsOf(resolved).major?.nextUpdateAt).toBeNull();
    const reopen = aFact('reopen', { reason: 'No.' }, { occurredAt: later({ hours: 5 }) });
    expect(dueOf(tell(resolved, [reopen]).ticket, 'majorUpdate')).toBe(later({ hours: 6 }));
  });
});

describe('the review of a major incident', () => {
  const resolved = () => tell(major(), [resolve(2)]).ticket;
  const due = later({ days: 5, hours: 2 });

  it('is due five days after it was resolved, also when it became a major one only then', () => {
    expect(dueOf(resolved(), 'reviewDue')).toBe(due);
    expect(detailsOf(resolved()).majorReview).toMatchObject({ isNeeded: true, dueAt: due });
    const late = tell(anIncidentIn('resolved'), [declare()]).ticket;
    expect(dueOf(late, 'reviewDue')).toBe(later({ days: 5, hours: 1 }));
    expect(dueOf(late, 'majorUpdate')).toBeUndefined();
  });

  it('is asked for every day; it is not closed before, by nobody', () => {
    const told = tell(resolved(), [until(later({ days: 7, hours: 3 }))]);
    expect(told.ticket.state).toBe('resolved');
    expect(eventsOf(told)).toEqual(Array(3).fill('reviewOverdue'));
    expect(noticesOf(told).slice(0, 4)).toEqual([
      ['assignee', 'reviewOverdue'],
      ['teamLead', 'reviewOverdue'],
      [{ userId: people.manager.id }, 'reviewOverdue'],
      ['assignee', 'reviewOverdue'],
    ]);
    expect(noticesOf(told).filter(([to]) => to === 'managers')).toHaveLength(2);
    const close = aFact('close', {}, { actor: people.requester });
    expect(refusalOf(() => tell(resolved(), [close])).code).toBe('conflict');
  });

  it('opens the way: it closes as others do, announced to its requester', () => {
    const soon = tell(resolved(), [review(1)]).ticket;
    expect(dueOf(soon, 'autoClose')).toBe(due);
    expect(dueOf(soon, 'reviewDue')).toBeUndefined();
    expect(tell(soon, [aFact('close', {})]).ticket.state).toBe('closed');
    const overdue = tell(resolved(), [until(later({ days: 7 })), review(7)]);
    const told = goOn(overdue, [until(later({ days: 20 }))]);
    expect(eventsOf(told).slice(-3)).toEqual(['majorReviewed', 'autoCloseReminded', 'closed']);
    expect(told.ticket.closedAt).toBe(later({ days: 9, hours: 2 }));
  });

  it('keeps what was found, of which requesters read nothing in the feed', () => {
    const told = tell(resolved(), [review(1)]);
    expect(detailsOf(told.ticket).majorReview).toMatchObject({
      ...{ findings: 'One line.', byId: people.agent.id, doneAt: later({ days: 1, hours: 2 }) },
    });
    expect(told.happenings[0]?.events[0]?.visibility).toBe('internal');
  });

  it('is begun anew when it was not solved, and is none of one that was no major incident', () => {
    const reopen = aFact('reopen', { reason: 'No.' }, { occurredAt: later({ hours: 5 }) });
    const reopened = tell(resolved(), [review(0), reopen]).ticket;
    expect(detailsOf(reopened).majorReview).toBeNull();
    expect(detailsOf(tell(reopened, [resolve(6)]).ticket).majorReview?.doneAt).toBeNull();
    expect(refusalOf(() => tell(anIncidentIn('resolved'), [review(0)])).code).toBe('conflict');
  });

  it('stays due when it is stood down after it was resolved', () => {
    const standDown = aFact('standDownMajor', {}, { actor: people.manager });
    const told = tell(resolved(), [standDown, until(due)]);
    expect(eventsOf(told)).toEqual(['majorStoodDown', 'reviewOverdue']);
  });
});

describe('an incident that was stored before version 3', () => {
  it('has nobody who coordinates it, and no updates are due', () => {
    const { majorReview, parentUpdate, ...stored } = detailsOf(anIncident());
    expect([majorReview, parentUpdate]).toEqual([null, null]);
    const before = { declaredAt: later({}), reason: 'All.', byId: null };
    const read = upcastIncident({ ...stored, major: before });
    expect(IncidentDetailsShape.strict().parse(read)).toMatchObject({
      major: { ...before, coordinatorId: null, updateEveryMinutes: null, remindedTimes: 0 },
    });
    expect(upcastIncident(stored)).toEqual(detailsOf(anIncident()));
  });
});
