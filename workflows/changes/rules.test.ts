import {
  aDraft,
  aFreeze,
  after,
  agendaOf,
  allPlans,
  asked,
  atHighRisk,
  boards,
  detailsOf,
  passed,
  refused,
  scheduled,
  told,
  word,
  type Beside,
  type Turn,
} from '../../tests/changes';
import { eventsOf, later, noticesOf, people, services, uuid } from '../../tests/factories';
import { template } from '../../tests/changes';

const { agent, colleague, manager } = people;
const standard = { kind: 'standard', templateId: template.id };
const at = (hours: number) => later({ hours });

describe('the three paths', () => {
  it('standard: from an approved template it is scheduled at once, with its plans and services', () => {
    const draft = aDraft({ ...standard, plans: {}, serviceIds: [] });
    expect(detailsOf(draft)).toMatchObject({
      ...{ plans: template.plans, serviceIds: [services.mail], templateVersion: 1 },
    });
    const ticket = after(draft, [['submit', {}, 1]]);
    expect([ticket.state, agendaOf(ticket)]).toEqual([
      'scheduled',
      [
        ['windowOpens', at(2)],
        ['windowCloses', at(6)],
      ],
    ]);
  });

  it.each<[string, object, Beside, string]>([
    ['from no template', {}, { template: { state: 'draft' } }, '/templateId'],
    [
      'with an exception that nobody approves',
      { freezeException: { reason: 'x' } },
      {},
      '/freezeException',
    ],
    [
      'for a service that the template is not about',
      { serviceId: services.orphan },
      {},
      '/serviceId',
    ],
  ])('standard: it is not made %s', (_, input, given, pointer) => {
    let pointers: unknown;
    try {
      aDraft({ ...standard, ...input }, given);
    } catch (error) {
      pointers = (error as { details: { errors: { pointer: string }[] } }).details.errors[0]
        ?.pointer;
    }
    expect(pointers).toBe(pointer);
  });

  it.each([{ version: 2 }, { state: 'retired' as const }])(
    'standard: a template that was changed since (%j) makes it refused',
    (other) => {
      const { code } = refused(aDraft(standard), ['submit', {}, 1], { template: other });
      expect(code).toBe('conflict');
    },
  );

  it('standard: only its window is chosen; moved, it is put anew', () => {
    const ticket = after(aDraft(standard), [['submit', {}, 1]]);
    expect(refused(ticket, ['plan', { cost: 7 }, 2]).code).toBe('conflict');
    const window = { start: later({ minutes: 1 }), end: at(1) };
    const moved = after(ticket, [['plan', { window }, 2]]);
    expect([moved.state, agendaOf(moved)]).toEqual(['scheduled', [['windowCloses', at(1)]]]);
  });

  it('normal: draft, assessment, awaiting approval, scheduled', () => {
    const states = ['submit', 'requestApproval'].reduce<string[][]>(
      ([names = [], found = []], name) => [
        [...names, name],
        [
          ...found,
          after(
            aDraft(),
            [...names, name].map((one, k): Turn => [one, {}, k + 1]),
          ).state,
        ],
      ],
      [],
    );
    expect(states[1]).toEqual(['assessment', 'awaitingApproval']);
    const ticket = asked();
    const so = told(ticket, [word(ticket, 5)]);
    expect(so.ticket.state).toBe('scheduled');
    expect(noticesOf(so)).toEqual([
      ['assignee', 'approved'],
      ['requester', 'approved'],
    ]);
  });

  it('emergency: the duty board is asked at once, until the window ends, and no freeze counts', () => {
    const given = { freezes: [aFreeze(1, 0, 9)] };
    const draft = aDraft({ kind: 'emergency', window: { start: at(0), end: at(4) } }, given);
    const { ticket, happenings } = told(draft, [['submit', {}, 60]], given);
    expect([ticket.state, detailsOf(ticket).authority]).toEqual(['awaitingApproval', 'ecab']);
    expect(happenings[0]?.owed.births[0]?.input).toMatchObject({
      ...{ expiresInHours: 3, remindEveryHours: 1 },
      approvers: [
        { kind: 'board', id: boards.ecab },
        { kind: 'person', veto: true },
      ],
    });
    const begun = after(ticket, [word(ticket, 61), ['implement', {}, 62]], given);
    expect(begun.state).toBe('implementing');
  });
});

describe('whoever decides', () => {
  it.each([
    ['low', {}, 'peer'],
    [
      'medium',
      {
        risk: { impact: 'high', testEvidence: 'rehearsed', backOut: 'documented' },
        plans: allPlans,
      },
      'manager',
    ],
    ['veryHigh', atHighRisk, 'cab'],
  ] as const)('at %s risk', (_, input, authority) => {
    const given =
      authority === 'cab'
        ? {
            experience: { successful: 0, failed: 20 },
            services: [
              { id: services.mail, name: 'Mail', criticality: 'high' as const, isActive: true },
            ],
          }
        : {};
    expect(detailsOf(asked(input, given)).authority).toBe(authority);
  });

  it('is neither whoever carries it out nor whoever has a task of it', () => {
    const draft = after(aDraft(), [
      ['assign', { assigneeId: colleague.id }, 0],
      ['addTask', { title: 'Dig', order: 1, assigneeId: agent.id }, 0],
      ['submit', {}, 1],
    ]);
    const { happenings } = told(draft, [['requestApproval', {}, 2]]);
    const barred = happenings[0]?.owed.births[0]?.input['barredIds'];
    expect(barred).toEqual([colleague.id, agent.id]);
  });

  it.each<[string, Turn]>([
    ['is given it', ['assign', { assigneeId: colleague.id }, 3]],
    ['is given a task', ['addTask', { title: 'Dig', order: 1, assigneeId: colleague.id }, 3]],
  ])('votes no more once one of them %s while people vote', (_, turn) => {
    const { ticket, happenings } = told(asked(), [turn]);
    expect(ticket.state).toBe('awaitingApproval');
    expect(happenings[0]?.owed.messages).toMatchObject([
      { name: 'restated', input: { barredIds: [colleague.id] } },
    ]);
  });

  it.each<[string, Turn]>([
    ['assign', ['assign', { assigneeId: colleague.id }, 10]],
    ['addTask', ['addTask', { title: 'Dig', order: 1, assigneeId: colleague.id }, 10]],
    ['implement', ['implement', {}, 180, colleague]],
  ])(
    'does not carry it out afterwards, in their own place or in that of another: %s',
    (_, turn) => {
      const [by, other] = [colleague.id, manager.id];
      for (const given of [{ by }, { by, inPlaceOf: other }, { by: other, inPlaceOf: by }]) {
        const ticket = asked();
        expect(refused(after(ticket, [word(ticket, 5, given)]), turn).code).toBe('conflict');
      }
    },
  );

  it('is another peer when it goes to another team', () => {
    const ticket = asked();
    const [round] = detailsOf(ticket).approval?.rounds ?? [];
    const { happenings } = told(ticket, [['assign', { teamId: uuid(12) }, 3]]);
    expect(happenings[0]?.owed).toMatchObject({
      messages: [{ ticketId: round?.id, name: 'withdrawn' }],
      births: [{ input: { approvers: [{ kind: 'team', id: uuid(12) }] } }],
    });
  });
});

describe('what is asked for', () => {
  it.each<[string, object, Beside, string[]]>([
    ['no window', { window: null }, {}, ['window']],
    ['no risk', { risk: null }, {}, ['risk']],
    ['no plan', { plans: {} }, {}, ['plans.implementation']],
    ['a blank plan', { plans: { implementation: ' ' } }, {}, ['plans.implementation']],
    [
      'the plans of a lower level',
      { risk: atHighRisk.risk, plans: { implementation: 'a', test: 'b' } },
      { experience: { successful: 0, failed: 9 } },
      ['plans.backOut', 'plans.communication'],
    ],
  ])('is refused with %s', (_, input, given, missing) => {
    const draft = after(aDraft(input, given), [['submit', {}, 1]]);
    const refusal = refused(draft, ['requestApproval', {}, 2], given);
    expect([refusal.code, refusal.details]).toMatchObject(['conflict', { missing }]);
  });

  it('is refused when its window is over, and in a freeze without an exception', () => {
    const ready = after(aDraft(), [['submit', {}, 1]]);
    expect(refused(ready, ['requestApproval', {}, 361]).details).toMatchObject({
      missing: ['window'],
    });
    const given = { freezes: [aFreeze(1, 5)] };
    const refusal = refused(ready, ['requestApproval', {}, 2], given);
    expect(refusal.details).toMatchObject({ freeze: { name: 'Freeze 1' } });
    const excepted = after(
      ready,
      [
        ['plan', { freezeException: { reason: 'The law.' } }, 2],
        ['requestApproval', {}, 3],
      ],
      given,
    );
    expect(detailsOf(excepted).approval?.shown).toMatchObject({
      freezeException: { reason: 'The law.', freezeIds: [aFreeze(1, 5).id] },
    });
  });

  it.each([
    ['plans', { plans: allPlans }],
    ['cost', { cost: 1200 }],
    ['window', { window: { start: at(3), end: at(7) } }],
    ['configurationItems', { configurationItems: ['db1'] }],
    ['backOutMinutes', { backOutMinutes: 5 }],
  ])('is asked anew when its %s changes: while people vote, and after', (name, edit) => {
    for (const ticket of [asked(), scheduled()]) {
      const so = told(ticket, [['plan', edit, 10]]);
      expect([so.ticket.state, so.ticket.agenda]).toEqual(['awaitingApproval', []]);
      expect(eventsOf(so)).toEqual(['planned', 'askedAnew']);
      const differences = so.happenings[0]?.events[1]?.data['differences'];
      expect(differences).toEqual([expect.objectContaining({ name })]);
      expect(detailsOf(so.ticket)).toMatchObject({ approvedByIds: [] });
      const isRunning = ticket.state === 'awaitingApproval';
      const { messages = [], births = [] } = so.happenings[0]?.owed ?? {};
      expect([messages.length, births.length]).toEqual(isRunning ? [1, 0] : [0, 1]);
      expect(after(so.ticket, [word(so.ticket, 11)]).state).toBe('scheduled');
    }
  });

  it('is not asked anew by an edit that changes nothing that was shown', () => {
    const so = told(scheduled(), [['plan', { boardId: boards.cab }, 10]]);
    expect([so.ticket.state, eventsOf(so)]).toEqual(['scheduled', ['planned']]);
  });

  it('was decided about something else when the word comes too late: it is asked again', () => {
    const ticket = asked();
    const late = word(ticket, 11);
    const so = told(ticket, [['plan', { cost: 5 }, 10], late]);
    expect(so.ticket.state).toBe('awaitingApproval');
    expect(so.happenings[1]?.owed.births).toHaveLength(1);
    expect(after(so.ticket, [word(so.ticket, 12)]).state).toBe('scheduled');
  });
});

describe('what was decided', () => {
  it.each(['rejected', 'expired'] as const)(
    '%s: it can be revised for 30 days, then it ends',
    (result) => {
      const ticket = asked();
      const over = after(ticket, [word(ticket, 60, { result })]);
      expect([over.state, agendaOf(over)]).toEqual([
        'rejected',
        [['lapse', later({ days: 30, hours: 1 })]],
      ]);
      const anew: Turn[] = [
        ['revise', {}, 61],
        ['submit', {}, 62],
        ['requestApproval', {}, 63],
      ];
      const again = after(over, anew);
      expect([again.state, again.agenda]).toEqual(['awaitingApproval', []]);
      expect(detailsOf(again).approval?.rounds).toMatchObject([{ result: null }]);
      expect(passed(over, 43_260).ticket).toMatchObject({ state: 'cancelled', agenda: [] });
    },
  );

  it('recalled: it is a draft again, and asking for the very same opens a round', () => {
    const ticket = asked();
    const draft = after(ticket, [word(ticket, 60, { result: 'recalled' })]);
    expect([draft.state, detailsOf(draft).approval]).toEqual(['draft', null]);
    const so = told(draft, [
      ['submit', {}, 61],
      ['requestApproval', {}, 62],
    ]);
    expect(so.happenings[1]?.owed.births).toHaveLength(1);
  });

  it('approved in a freeze that came meanwhile: scheduled, and not begun until that is moved', () => {
    const given = { freezes: [aFreeze(1, 5)] };
    const ticket = asked();
    const ready = after(ticket, [word(ticket, 60)], given);
    expect(ready.state).toBe('scheduled');
    expect(refused(ready, ['implement', {}, 180], given).code).toBe('conflict');
  });

  it('approved when its window is over: missed at once', () => {
    const ticket = asked();
    const so = told(ticket, [
      word(ticket, 400),
      ['commented', { body: 'Hm.', isPublic: true }, 400],
    ]);
    expect(eventsOf(so)).toContain('windowMissed');
  });

  it.each<[string, Turn, string]>([
    ['revise', ['revise', {}, 10], 'draft'],
    ['cancel', ['cancel', { reason: 'No.' }, 10], 'cancelled'],
  ])('%s takes the question back and leaves nothing ahead', (_, turn, state) => {
    for (const ticket of [asked(), scheduled()]) {
      const so = told(ticket, [turn]);
      expect(so.ticket).toMatchObject({ state, agenda: [] });
      const names = so.happenings[0]?.owed.messages.map(({ name }) => name);
      expect(names).toEqual(ticket.state === 'scheduled' ? [] : ['withdrawn']);
    }
  });
});
