import { processes } from '../registry';
import type { FactActor } from '../../models/tickets/fact';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  aFact,
  anIncident,
  anIncidentIn,
  categories,
  eventsOf,
  later,
  monday,
  noticesOf,
  opened,
  people,
  refusalOf,
  services,
  tell,
  until,
  incidentProcess,
} from '../../tests/factories';
import { incidentInputs } from './inputs';

const clockOf = ({ clocks }: Ticket, id: string) => clocks.find((clock) => clock.id === id);
const keysOf = ({ agenda }: Ticket) => agenda.map(({ key }) => key);
const resolve = (hours = 1) =>
  aFact('resolve', { code: 'solved', notes: 'Restarted.' }, { occurredAt: later({ hours }) });
const comment = (body: string, actor: FactActor = people.requester, isPublic = true) =>
  aFact('commented', { body, isPublic }, { actor, occurredAt: later({ hours: 2 }) });

describe('resolve', () => {
  it('needs a code that the organization knows', () => {
    const odd = aFact('resolve', { code: 'magic', notes: 'Done.' });
    const refusal = refusalOf(() => tell(anIncident(), [odd]));
    expect(refusal.code).toBe('invalid_input');
    expect(refusal.message).toContain('solved, workaround');
    const context = aContext({ settings: { resolutionCodes: ['magic'] } });
    expect(tell(anIncident(), [odd], context).ticket.state).toBe('resolved');
  });

  it('stops both clocks and keeps how and by whom', () => {
    const { ticket } = tell(anIncident(), [resolve()]);
    expect(ticket.clocks).toMatchObject([
      { id: 'response', state: 'stopped', stoppedAt: later({ hours: 1 }) },
      { id: 'resolution', state: 'stopped', stoppedAt: later({ hours: 1 }) },
    ]);
    expect(ticket).toMatchObject({
      resolvedAt: later({ hours: 1 }),
      details: { resolution: { code: 'solved', notes: 'Restarted.', byId: people.agent.id } },
    });
  });

  it('leaves it to the resolver when nobody has it, else to whoever has it', () => {
    expect(tell(anIncident(), [resolve()]).ticket.assigneeId).toBe(people.agent.id);
    const theirs = anIncident({ state: 'assigned', assigneeId: people.colleague.id });
    expect(tell(theirs, [resolve()]).ticket.assigneeId).toBe(people.colleague.id);
  });

  it('ends a hold', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      aFact('hold', { reason: 'scheduled', until: later({ days: 1 }) }),
      resolve(),
    ]);
    expect(ticket.details).toMatchObject({ hold: null });
    expect(keysOf(ticket)).toEqual(['autoCloseReminder', 'autoClose']);
    expect(clockOf(ticket, 'resolution')?.state).toBe('stopped');
  });

  it('plans the closing after five days and the reminder a day before', () => {
    expect(tell(anIncident(), [resolve()]).ticket.agenda).toMatchObject([
      { key: 'autoCloseReminder', at: later({ days: 4, hours: 1 }) },
      { key: 'autoClose', at: later({ days: 5, hours: 1 }) },
    ]);
  });

  it('plans no reminder when it closes within a day', () => {
    const context = aContext({ settings: { autoCloseDays: 1 } });
    expect(keysOf(tell(anIncident(), [resolve()], context).ticket)).toEqual(['autoClose']);
  });

  it('tells the requester', () => {
    expect(noticesOf(tell(anIncident(), [resolve()]))).toEqual([['requester', 'resolved']]);
  });
});

describe('a resolved incident', () => {
  it('reminds its requester once and closes by itself', () => {
    const told = tell(anIncidentIn('resolved'), [until(later({ days: 30 }))]);
    expect(eventsOf(told)).toEqual(['autoCloseReminded', 'closed']);
    expect(noticesOf(told)).toEqual([
      ['requester', 'autoCloseSoon'],
      ['requester', 'closed'],
    ]);
    expect(told.ticket).toMatchObject({
      state: 'closed',
      agenda: [],
      closedAt: later({ days: 5, minutes: 2 }),
    });
  });

  it('is closed by its requester, and nothing lies ahead', () => {
    const close = aFact('close', {}, { actor: people.requester });
    const { ticket } = tell(anIncidentIn('resolved'), [close]);
    expect(ticket).toMatchObject({ state: 'closed', agenda: [], closedAt: later({ hours: 1 }) });
  });

  it('goes on when it is reopened; the time between does not count', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      resolve(1),
      aFact('reopen', { reason: 'Again.' }, { occurredAt: later({ hours: 3 }) }),
    ]);
    expect(ticket).toMatchObject({
      state: 'inProgress',
      resolvedAt: null,
      details: { resolution: null, reopenCount: 1 },
    });
    expect(clockOf(ticket, 'resolution')).toMatchObject({
      state: 'running',
      pauses: [{ from: later({ hours: 1 }), to: later({ hours: 3 }) }],
    });
    expect(clockOf(ticket, 'response')?.state).toBe('stopped');
    // 24 business hours from Monday nine end on Wednesday at 17:00; two of them stood still.
    expect(ticket.agenda.find(({ key }) => key === 'sla.resolution.100')?.at).toBe(
      later({ days: 3, hours: 2 }),
    );
    expect(keysOf(ticket)).not.toContain('autoClose');
  });

  it('is reopened on the terms of the priority that it has by then', () => {
    const told = tell(anIncidentIn('inProgress'), [
      resolve(1),
      aFact('prioritize', { impact: 'high', urgency: 'high' }),
      aFact('reopen', { reason: 'Again.' }, { occurredAt: later({ hours: 3 }) }),
    ]);
    expect(clockOf(told.ticket, 'resolution')?.terms.targetSeconds).toBe(4 * 3600);
    // The response was given on the old terms and stays judged by them.
    expect(clockOf(told.ticket, 'response')?.terms.targetSeconds).toBe(4 * 3600);
    expect(clockOf(told.ticket, 'response')?.terms.calendar).toEqual(
      clockOf(anIncident(), 'response')?.terms.calendar,
    );
    expect(told.ticket.agenda.find(({ key }) => key === 'sla.resolution.100')?.at).toBe(
      later({ hours: 6 }),
    );
    expect(eventsOf(told)).toEqual(['resolved', 'prioritized', 'reopened', 'slaRetargeted']);
  });

  it('is reopened by its requester’s comment', () => {
    const told = tell(anIncidentIn('resolved'), [comment('Still broken.')]);
    expect(told.ticket.state).toBe('inProgress');
    expect(eventsOf(told)).toEqual(['commented', 'reopened']);
    expect(noticesOf(told)).toContainEqual(['assignee', 'reopened']);
  });

  it.each([
    ['when the organization decides otherwise', people.requester, true, false],
    ['by an internal note', people.requester, false, true],
    ['by somebody else’s comment', people.agent, true, true],
  ])('is not reopened %s', (_, actor, isPublic, commentReopens) => {
    const context = aContext({ settings: { commentReopens } });
    const { ticket } = tell(
      anIncidentIn('resolved'),
      [comment('Thanks.', { ...actor, role: 'agent' }, isPublic)],
      context,
    );
    expect(ticket.state).toBe('resolved');
  });
});

describe('cancel', () => {
  it('cancels the clocks and clears the agenda', () => {
    const told = tell(anIncidentIn('onHold'), [aFact('cancel', { reason: 'Sent twice.' })]);
    expect(told.ticket).toMatchObject({
      state: 'cancelled',
      agenda: [],
      details: { hold: null, cancellation: { reason: 'Sent twice.' } },
    });
    expect(told.ticket.clocks.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(noticesOf(told)).toEqual([['requester', 'cancelled']]);
  });

  it('leaves a clock that was stopped as it was judged', () => {
    const { ticket } = tell(anIncidentIn('resolved'), [aFact('cancel', { reason: 'Sent twice.' })]);
    expect(ticket.clocks.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });
});

describe('the first response', () => {
  const responseAfter = (fact: ReturnType<typeof comment>, fields = {}) =>
    clockOf(tell(anIncident(fields), [fact]).ticket, 'response')?.state;

  it('is a public reply of an agent', () => {
    expect(responseAfter(comment('We look at it.', people.agent))).toBe('stopped');
  });

  it('is no internal note, nor what the requester says', () => {
    expect(responseAfter(comment('Strange.', people.agent, false))).toBe('running');
    expect(responseAfter(comment('Hello?'))).toBe('running');
  });

  it('is nothing that an agent says on their own incident', () => {
    const own = { requesterId: people.agent.id };
    expect(responseAfter(comment('Hello?', people.agent), own)).toBe('running');
  });

  it('is given once', () => {
    const { ticket } = tell(anIncident(), [
      comment('We look at it.', people.agent),
      { ...comment('Found.', people.agent), occurredAt: later({ hours: 3 }) },
    ]);
    expect(clockOf(ticket, 'response')?.stoppedAt).toBe(later({ hours: 2 }));
  });
});

describe('a comment', () => {
  it('is told to requester, watchers and holder; an internal one to the holder only', () => {
    expect(noticesOf(tell(anIncident(), [comment('Hm.', people.agent)]))).toEqual([
      ['requester', 'commented'],
      ['watchers', 'commented'],
      ['team', 'commented'],
    ]);
    const internal = tell(anIncident(), [comment('Hm.', people.agent, false)]);
    expect(noticesOf(internal)).toEqual([['team', 'commented']]);
    expect(internal.happenings[0]?.events[0]?.visibility).toBe('internal');
  });
});

describe('a requester’s comment on a closed incident', () => {
  const birthOf = (ticket: Ticket, body = 'It is back.', actor: FactActor = people.requester) =>
    tell(ticket, [comment(body, actor)]).happenings[0]?.owed.births ?? [];
  const openBirth = (ticket: Ticket, body?: string) =>
    opened(
      aFact('opened', incidentInputs.open.parse(birthOf(ticket, body)[0]?.input), {
        actor: people.requester,
        occurredAt: monday,
      }),
    ).ticket;

  it('opens a linked follow-up about the same', () => {
    const closed = { ...anIncidentIn('closed'), serviceId: services.mail };
    expect(birthOf(closed)).toMatchObject([{ type: 'incident', link: 'followUpOf' }]);
    expect(openBirth(closed)).toMatchObject({
      title: closed.title,
      description: 'Follow-up of INC0000042.\n\nIt is back.',
      requesterId: people.requester.id,
      serviceId: services.mail,
      state: 'new',
    });
  });

  it('opens one that is work of today, though the closed one was brought over', () => {
    const channelOf = (channel: Ticket['channel']) =>
      openBirth({ ...anIncidentIn('closed'), channel }).channel;
    expect(channelOf('import')).toBe('api');
    expect(channelOf('phone')).toBe('phone');
  });

  it('leaves the closed one closed', () => {
    expect(tell(anIncidentIn('closed'), [comment('It is back.')]).ticket.state).toBe('closed');
  });

  it('opens one however long it is', () => {
    expect(openBirth(anIncidentIn('closed'), 'x'.repeat(20_000)).description).toHaveLength(20_000);
  });

  it('opens one without the service and the category that have ended since', () => {
    const closed = {
      ...anIncidentIn('closed'),
      serviceId: services.ended,
      categoryId: categories.ended,
    };
    expect(openBirth(closed)).toMatchObject({ serviceId: null, categoryId: null, state: 'new' });
  });

  it('opens a type that there is', () => {
    const types = processes.map(({ declaration }) => declaration.type);
    expect(types).toContain(birthOf(anIncidentIn('closed'))[0]?.type);
  });

  it('is the only one that does: nobody else’s comment opens anything', () => {
    expect(birthOf(anIncidentIn('closed'), 'Noted.', people.agent)).toEqual([]);
    expect(birthOf(anIncidentIn('resolved'))).toEqual([]);
  });

  it('reads only what it declares', () => {
    const fact = comment('Hm.');
    expect(incidentProcess.rules.needs(anIncident({ serviceId: services.mail }), fact)).toEqual([]);
  });
});
