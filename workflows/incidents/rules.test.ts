import { holdfast, type Fact } from '../../models/tickets/fact';
import {
  aContext,
  aFact,
  anIncident,
  anIncidentIn,
  anOpening,
  categories,
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
} from '../../tests/factories';
import type { Ticket } from '../../models/tickets/ticket';

const clockOf = ({ clocks }: Ticket, id: string) => clocks.find((clock) => clock.id === id);

const pointersOf = (attempt: () => unknown) =>
  refusalOf(attempt).details.errors?.map(({ pointer }) => pointer);

describe('opening', () => {
  const open = (opening = {}, actor: Fact['actor'] = people.requester, settings = {}) =>
    opened(
      aFact('opened', anOpening(opening), { actor, occurredAt: monday }),
      aContext({ settings }),
    );

  it('takes the priority from impact and urgency', () => {
    expect(open({ impact: 'high', urgency: 'high' }).ticket.priority).toBe('P1');
    expect(open({ impact: 'low', urgency: 'medium' }).ticket.priority).toBe('P4');
  });

  it('takes the priority from the table of the organization', () => {
    const none = { high: 'P5', medium: 'P5', low: 'P5' } as const;
    const priorityMatrix = { high: none, medium: none, low: none };
    const { ticket } = open({ impact: 'high', urgency: 'high' }, people.agent, { priorityMatrix });
    expect(ticket.priority).toBe('P5');
  });

  it('counts the impact of a requester unless the organization decides otherwise', () => {
    const settings = { requesterImpactCounts: false };
    expect(open({ impact: 'high' }).ticket.impact).toBe('high');
    expect(open({ impact: 'high' }, people.requester, settings).ticket.impact).toBe('medium');
    expect(open({ impact: 'high' }, people.agent, settings).ticket.impact).toBe('high');
  });

  it('goes to the team of its service, else to the default team', () => {
    expect(open({ serviceId: services.mail }).ticket.teamId).toBe(teams.network);
    expect(open({ serviceId: services.orphan }).ticket.teamId).toBe(teams.desk);
    expect(open().ticket.teamId).toBe(teams.desk);
    expect(open({}, people.requester, { defaultTeamId: null }).ticket.teamId).toBeNull();
  });

  it('starts both clocks at the opening', () => {
    const { ticket, events } = open();
    expect(ticket.state).toBe('new');
    expect(ticket.clocks).toMatchObject([
      { id: 'response', state: 'running', startedAt: monday, terms: { targetSeconds: 14_400 } },
      { id: 'resolution', state: 'running', startedAt: monday, terms: { targetSeconds: 86_400 } },
    ]);
    expect(events.map(({ type }) => type)).toEqual(['opened']);
  });

  it('starts no clock without a policy', () => {
    const context = aContext({ agreement: { policies: [] } });
    const { ticket } = opened(aFact('opened', anOpening()), context);
    expect(ticket).toMatchObject({ clocks: [], agenda: [] });
  });

  it('is done for somebody else by agents, and that person is told', () => {
    const { ticket, owed } = open({ requesterId: people.requester.id }, people.agent);
    expect(ticket).toMatchObject({
      requesterId: people.requester.id,
      openedById: people.agent.id,
    });
    expect(owed.notices).toMatchObject([{ to: 'requester', notice: 'opened' }]);
    expect(open().owed.notices).toEqual([]);
  });

  it('is not done for somebody else by end users', () => {
    const attempt = () => open({ requesterId: people.requester.id }, people.other);
    expect(refusalOf(attempt).code).toBe('forbidden');
  });

  it.each([
    ['/requesterId', { requesterId: uuid(99) }],
    ['/serviceId', { serviceId: uuid(99) }],
    ['/serviceId', { serviceId: services.ended }],
    ['/categoryId', { categoryId: categories.ended }],
  ])('points at %s when it is unknown or ended', (pointer, opening) => {
    expect(pointersOf(() => open(opening, people.agent))).toEqual([pointer]);
  });
});

describe('when somebody leaves', () => {
  const leave = (ticket: Ticket, userId = people.agent.id) =>
    tell(ticket, [aFact('released', { userId }, { actor: holdfast })]);

  it('goes back to its team, in whatever open state', () => {
    for (const state of ['assigned', 'inProgress', 'onHold', 'resolved'] as const) {
      const told = leave(anIncidentIn(state));
      expect(told.ticket).toMatchObject({ state, teamId: teams.desk, assigneeId: null });
      expect(noticesOf(told).at(-1)).toEqual(['team', 'assignedToTeam']);
      expect(eventsOf(told).at(-1)).toBe('released');
    }
  });

  it('goes to the default team when it has none', () => {
    const { ticket } = leave({ ...anIncidentIn('inProgress'), teamId: null });
    expect(ticket).toMatchObject({ teamId: teams.desk, assigneeId: null });
  });

  it('stays with whoever has it by then, and as it is when it is over', () => {
    for (const [ticket, userId] of [
      [anIncidentIn('inProgress'), people.colleague.id],
      [anIncidentIn('closed'), people.agent.id],
    ] as const) {
      const told = leave(ticket, userId);
      expect(told.ticket).toMatchObject({ assigneeId: ticket.assigneeId, teamId: teams.desk });
      expect(eventsOf(told).at(-1)).toBe('alreadyReleased');
      expect(noticesOf(told)).toEqual([]);
    }
  });
});

describe('assign', () => {
  const assign = (ticket: Ticket, input: object) => tell(ticket, [aFact('assign', input)]);

  it('makes a new incident assigned, by a team as by a person', () => {
    expect(assign(anIncident(), { teamId: teams.network }).ticket).toMatchObject({
      state: 'assigned',
      teamId: teams.network,
      assigneeId: null,
    });
    expect(assign(anIncident(), { assigneeId: people.agent.id }).ticket).toMatchObject({
      state: 'assigned',
      teamId: teams.desk,
      assigneeId: people.agent.id,
    });
  });

  it('leaves a new incident new when nobody is named', () => {
    const { ticket } = assign(anIncident(), { teamId: null, assigneeId: null });
    expect(ticket).toMatchObject({ state: 'new', teamId: null, assigneeId: null });
  });

  it('takes it from a person and leaves it to the team', () => {
    const told = assign(anIncidentIn('inProgress'), { assigneeId: null });
    expect(told.ticket).toMatchObject({
      state: 'inProgress',
      teamId: teams.desk,
      assigneeId: null,
    });
    expect(noticesOf(told)).toEqual([['team', 'assignedToTeam']]);
  });

  it('clears the person when it goes to another team', () => {
    const { ticket } = assign(anIncidentIn('assigned'), { teamId: teams.network });
    expect(ticket).toMatchObject({ teamId: teams.network, assigneeId: null });
  });

  it('keeps the person when the team stays', () => {
    const { ticket } = assign(anIncidentIn('assigned'), { teamId: teams.desk });
    expect(ticket.assigneeId).toBe(people.agent.id);
  });

  it('tells whoever has it now and counts the change of hands', () => {
    const told = assign(anIncidentIn('assigned'), { assigneeId: people.colleague.id });
    expect(noticesOf(told)).toEqual([['assignee', 'assigned']]);
    expect(told.ticket.details).toMatchObject({ reassignmentCount: 1 });
  });

  it('tells nobody and counts nothing when nothing changes', () => {
    const told = assign(anIncidentIn('assigned'), { assigneeId: people.agent.id });
    expect(noticesOf(told)).toEqual([]);
    expect(told.ticket.details).toMatchObject({ reassignmentCount: 0 });
  });

  it.each([
    ['/assigneeId', { assigneeId: uuid(99) }],
    ['/assigneeId', { assigneeId: people.retired.id }],
    ['/assigneeId', { assigneeId: people.requester.id }],
    ['/teamId', { teamId: uuid(99) }],
    ['/teamId', { teamId: teams.dissolved }],
  ])('points at %s when it cannot have it', (pointer, input) => {
    expect(pointersOf(() => assign(anIncident(), input))).toEqual([pointer]);
  });
});

describe('start', () => {
  it('gives it to the caller when nobody has it', () => {
    const { ticket } = tell(anIncident(), [aFact('start', {})]);
    expect(ticket.assigneeId).toBe(people.agent.id);
    expect(ticket.details).toMatchObject({ startedAt: later({ hours: 1 }) });
  });

  it('leaves it to whoever has it', () => {
    const told = tell(anIncidentIn('assigned'), [aFact('start', {}, { actor: people.colleague })]);
    expect(told.ticket.assigneeId).toBe(people.agent.id);
  });
});

describe('hold', () => {
  const hold = (input: object, hours = 1) => aFact('hold', input, { occurredAt: later({ hours }) });
  const tomorrow = later({ days: 1 });

  it.each([
    ['customer', {}, 'paused'],
    ['scheduled', { until: tomorrow }, 'paused'],
    ['vendor', {}, 'running'],
    ['change', {}, 'running'],
    ['problem', {}, 'running'],
  ])('for %s leaves the resolution clock %s %s', (reason, more, state) => {
    const { ticket } = tell(anIncidentIn('inProgress'), [hold({ reason, ...more })]);
    expect(clockOf(ticket, 'resolution')?.state).toBe(state);
    expect(clockOf(ticket, 'response')?.state).toBe('running');
    expect(ticket.details).toMatchObject({ hold: { reason, since: later({ hours: 1 }) } });
  });

  it('moves the resolution clock with the reason and remembers since when', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      hold({ reason: 'customer' }, 1),
      hold({ reason: 'vendor' }, 2),
      hold({ reason: 'customer' }, 3),
    ]);
    expect(clockOf(ticket, 'resolution')).toMatchObject({
      state: 'paused',
      pauses: [
        { from: later({ hours: 1 }), to: later({ hours: 2 }) },
        { from: later({ hours: 3 }), to: null },
      ],
    });
    expect(ticket.details).toMatchObject({
      hold: { reason: 'customer', since: later({ hours: 1 }) },
    });
  });

  it('does not pause twice for two reasons that both pause', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      hold({ reason: 'customer' }, 1),
      hold({ reason: 'scheduled', until: tomorrow }, 2),
    ]);
    expect(clockOf(ticket, 'resolution')?.pauses).toMatchObject([
      { from: later({ hours: 1 }), to: null },
    ]);
  });

  it('ends by itself when its time has come', () => {
    const told = tell(anIncidentIn('inProgress'), [
      hold({ reason: 'scheduled', until: tomorrow }),
      until(later({ days: 2 })),
    ]);
    expect(told.ticket).toMatchObject({ state: 'inProgress', details: { hold: null } });
    expect(clockOf(told.ticket, 'resolution')?.pauses).toMatchObject([
      { from: later({ hours: 1 }), to: tomorrow },
    ]);
    expect(eventsOf(told)).toContain('resumed');
  });

  it('forgets the time when the reason changes', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      hold({ reason: 'scheduled', until: tomorrow }, 1),
      hold({ reason: 'vendor' }, 2),
    ]);
    expect(ticket.agenda.map(({ key }) => key)).not.toContain('holdUntil');
    expect(ticket.details).toMatchObject({ hold: { reason: 'vendor', until: null } });
  });

  it.each([
    ['past', later({ minutes: 59 })],
    ['present', later({ hours: 1 })],
    ['time after the year 9999', '9999-12-31T23:59:59-14:00'],
  ])('until the %s is refused', (_, at) => {
    const attempt = () => tell(anIncidentIn('new'), [hold({ reason: 'scheduled', until: at })]);
    expect(pointersOf(attempt)).toEqual(['/until']);
  });

  it('reads a time with an offset', () => {
    const { ticket } = tell(anIncidentIn('new'), [
      hold({ reason: 'scheduled', until: '2026-03-03T10:00:00+01:00' }),
    ]);
    expect(ticket.agenda.find(({ key }) => key === 'holdUntil')?.at).toBe(tomorrow);
  });

  it('for the customer with a comment is the first response', () => {
    const told = tell(anIncident(), [hold({ reason: 'customer', comment: 'Which mailbox?' })]);
    expect(eventsOf(told)).toEqual(['held', 'commented']);
    expect(told.happenings[0]?.owed.comments).toEqual([{ body: 'Which mailbox?', isPublic: true }]);
    expect(clockOf(told.ticket, 'response')).toMatchObject({
      state: 'stopped',
      stoppedAt: later({ hours: 1 }),
    });
  });

  it('for the customer without a comment is no response', () => {
    const { ticket } = tell(anIncident(), [hold({ reason: 'customer' })]);
    expect(clockOf(ticket, 'response')?.state).toBe('running');
  });

  it('for the customer ends with the customer’s answer', () => {
    const answer = { body: 'The shared one.', isPublic: true };
    const told = tell(anIncidentIn('inProgress'), [
      hold({ reason: 'customer' }, 1),
      aFact('commented', answer, { actor: people.requester, occurredAt: later({ hours: 2 }) }),
    ]);
    expect(told.ticket.state).toBe('inProgress');
    expect(clockOf(told.ticket, 'resolution')).toMatchObject({
      state: 'running',
      pauses: [{ from: later({ hours: 1 }), to: later({ hours: 2 }) }],
    });
    expect(eventsOf(told)).toEqual(['held', 'commented', 'resumed']);
  });

  it.each([
    ['somebody else’s comment', 'customer', people.agent],
    ['the requester’s comment on a hold for the vendor', 'vendor', people.requester],
  ])('does not end with %s', (_, reason, actor) => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      hold({ reason }),
      aFact('commented', { body: 'Hm.', isPublic: true }, { actor }),
    ]);
    expect(ticket.state).toBe('onHold');
  });

  it('ends with resume, at once', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      hold({ reason: 'scheduled', until: tomorrow }, 1),
      aFact('resume', {}, { occurredAt: later({ hours: 2 }) }),
    ]);
    expect(ticket).toMatchObject({ state: 'inProgress', details: { hold: null } });
    expect(ticket.agenda.map(({ key }) => key)).not.toContain('holdUntil');
    expect(clockOf(ticket, 'resolution')?.state).toBe('running');
  });
});

describe('classify', () => {
  it('sets what is named and leaves the rest', () => {
    const { ticket } = tell(anIncident({ serviceId: services.orphan }), [
      aFact('classify', { categoryId: categories.hardware }),
    ]);
    expect(ticket).toMatchObject({
      categoryId: categories.hardware,
      serviceId: services.orphan,
    });
  });

  it('takes a category away with null', () => {
    const { ticket } = tell(anIncident({ categoryId: categories.hardware }), [
      aFact('classify', { categoryId: null }),
    ]);
    expect(ticket.categoryId).toBeNull();
  });

  it('does not move it to the team of the service', () => {
    const { ticket } = tell(anIncident(), [aFact('classify', { serviceId: services.mail })]);
    expect(ticket).toMatchObject({ serviceId: services.mail, teamId: teams.desk });
  });

  it.each([
    ['/categoryId', { categoryId: categories.ended }],
    ['/serviceId', { serviceId: services.ended }],
  ])('points at %s when it has ended', (pointer, input) => {
    expect(pointersOf(() => tell(anIncident(), [aFact('classify', input)]))).toEqual([pointer]);
  });
});
