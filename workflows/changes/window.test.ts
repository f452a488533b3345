import {
  aDraft,
  aFreeze,
  after,
  agendaOf,
  anOther,
  asked,
  atHighRisk,
  detailsOf,
  factOf,
  implementing,
  passed,
  refused,
  scheduled,
  told,
  word,
  beside,
  type Beside,
  type Turn,
} from '../../tests/changes';
import { eventsOf, later, noticesOf, people, services, tell } from '../../tests/factories';
import { roundTheClock } from '../../models/sla/calendar';

const at = (hours: number, minutes = 0) => later({ hours, minutes });
const { agent } = people;
const assigned: Turn = ['assign', { assigneeId: agent.id }, 6];
const done = (outcome: string, minutes = 200): Turn => ['complete', { outcome }, minutes];

describe('begun', () => {
  it('in its window only: not a second before it, not at its end', () => {
    const ticket = scheduled();
    const [secondBefore, end] = [2 * 60 - 1 / 60, 6 * 60];
    expect(refused(ticket, ['implement', {}, secondBefore]).code).toBe('conflict');
    expect(refused(ticket, ['implement', {}, end]).code).toBe('conflict');
    for (const minutes of [2 * 60, end - 1 / 60])
      expect(after(ticket, [['implement', {}, minutes]]).state).toBe('implementing');
  });

  it.each<[string, object, Beside, RegExp]>([
    ['a freeze that came later', {}, { freezes: [aFreeze(1, 5)] }, /Freeze 1/],
    ['a change that blocks and runs', {}, { others: [anOther('implementing')] }, /CHG0000099/],
    ['one that is backed out', {}, { others: [anOther('backingOut')] }, /CHG0000099/],
    [
      'one that runs though its window is over',
      {},
      { others: [anOther('implementing', 0, 1)] },
      /CHG0000099/,
    ],
    [
      'a maintenance window that came later',
      {},
      {
        maintenance: [
          {
            ...{ id: services.ended, name: 'Never', serviceIds: [services.mail] },
            definition: { ...roundTheClock, weekly: {} },
          },
        ],
      },
      /Mail/,
    ],
  ])('is refused with conflict by %s', (_, input, given, why) => {
    const refusal = refused(scheduled(input), ['implement', {}, 180], given);
    expect([refusal.code, refusal.message]).toEqual(['conflict', expect.stringMatching(why)]);
  });

  it.each(['draft', 'scheduled', 'review', 'awaitingApproval'])('beside another in %s', (state) => {
    const ticket = scheduled();
    const begun = after(ticket, [['implement', {}, 180]], { others: [anOther(state)] });
    expect(begun.state).toBe('implementing');
  });

  it('with an exception: for the freezes that were approved, not for later ones', () => {
    const given = { freezes: [aFreeze(1, 3)] };
    const ticket = scheduled({ freezeException: { reason: 'The law.' } }, given);
    expect(after(ticket, [['implement', {}, 180]], given).state).toBe('implementing');
    const more = { freezes: [aFreeze(1, 3), aFreeze(2, 4)] };
    expect(refused(ticket, ['implement', {}, 180], more).message).toContain('Freeze 2');
    const anew = told(ticket, [['plan', { freezeException: { reason: 'The law.' } }, 60]], more);
    expect([anew.ticket.state, eventsOf(anew)]).toEqual([
      'awaitingApproval',
      ['planned', 'askedAnew'],
    ]);
  });

  it('takes the window off and puts on what the work has to keep', () => {
    expect(agendaOf(scheduled())).toEqual([
      ['windowOpens', at(2)],
      ['windowCloses', at(6)],
    ]);
    const ticket = implementing({ backOutMinutes: 90 });
    expect(agendaOf(ticket)).toEqual([
      ['backOutBy', at(4, 30)],
      ['windowEnds', at(5, 45)],
      ['overrun', at(6)],
    ]);
    expect(ticket.assigneeId).toBe(agent.id);
  });

  it('too late to go back in time: this is said at once', () => {
    const ticket = after(scheduled({ backOutMinutes: 200 }), [['implement', {}, 180]]);
    expect(eventsOf(passed(ticket, 180))).toEqual(['backOutDue']);
  });
});

describe('time', () => {
  it('opens the window and closes it; unused it is left for another one', () => {
    const ticket = after(scheduled(), [assigned]);
    const so = passed(ticket, 6 * 60);
    expect(so.happenings.map(({ fact, events }) => [events[0]?.type, fact.occurredAt])).toEqual([
      ['windowOpened', at(2)],
      ['windowMissed', at(6)],
    ]);
    expect(noticesOf(so)).toEqual([
      ['assignee', 'windowOpened'],
      ['assignee', 'windowMissed'],
      ['requester', 'windowMissed'],
    ]);
    expect(so.ticket).toMatchObject({ state: 'scheduled', agenda: [] });
    const window = { start: at(8), end: at(9) };
    const anew = after(so.ticket, [['plan', { window }, 400]]);
    expect(after(anew, [word(anew, 401)]).agenda).toHaveLength(2);
  });

  it('says when to go back and when the window ends, and escalates what is not over', () => {
    const so = passed(implementing(), 8 * 60);
    expect(so.happenings.map(({ fact, events }) => [events[0]?.type, fact.occurredAt])).toEqual([
      ['backOutDue', at(5, 30)],
      ['windowEnding', at(5, 45)],
      ['overran', at(6)],
      ['overran', at(7)],
      ['overran', at(8)],
    ]);
    const managers = noticesOf(so).filter(([to]) => to === 'managers');
    expect(managers).toEqual([
      ['managers', 'overran'],
      ['managers', 'overran'],
    ]);
    expect(agendaOf(so.ticket)).toEqual([['overrun', at(9)]]);
    expect(after(so.ticket, [done('successful', 500)]).state).toBe('review');
  });

  it('says nothing of going back to whoever goes back, but that it takes too long', () => {
    const ticket = after(implementing(), [['backOut', { reason: 'No mail.' }, 200]]);
    expect(agendaOf(ticket)).toEqual([['overrun', at(6)]]);
    expect(eventsOf(passed(ticket, 361))).toEqual(['overran']);
  });
});

describe('the end of the work', () => {
  it('needs an outcome, and that of backing out is backedOut', () => {
    expect(refused(implementing(), ['complete', {}, 200]).code).toBe('invalid_input');
    const back = after(implementing(), [['backOut', { reason: 'No mail.' }, 200]]);
    expect(refused(back, done('successful', 201)).code).toBe('invalid_input');
    const over = after(back, [['complete', {}, 201]]);
    expect(detailsOf(over)).toMatchObject({ outcome: 'backedOut', review: { isNeeded: true } });
  });

  it('is no success with open tasks, which are done in order', () => {
    const ticket = after(implementing(), [
      ['addTask', { title: 'Look', order: 2, assigneeId: null }, 181],
      ['addTask', { title: 'Dig', order: 1, assigneeId: null }, 182],
    ]);
    const [dig, look] = detailsOf(ticket).tasks;
    expect([dig?.title, look?.title]).toEqual(['Dig', 'Look']);
    expect(refused(ticket, ['completeTask', { taskId: look?.id }, 183]).message).toContain('Dig');
    expect(refused(ticket, done('successful')).message).toContain('Dig, Look');
    expect(after(ticket, [done('failed')]).state).toBe('review');
    const ended = after(ticket, [
      ['completeTask', { taskId: dig?.id }, 184],
      ['dropTask', { taskId: look?.id }, 185],
      done('successful'),
    ]);
    expect(ended.state).toBe('review');
    expect(refused(ticket, ['completeTask', { taskId: ticket.id }, 186]).code).toBe(
      'invalid_input',
    );
  });
});

describe('the review', () => {
  const emergency = (minutes: number) => {
    const ticket = after(aDraft({ kind: 'emergency' }), [['submit', {}, 1]]);
    const facts: Turn[] = [word(ticket, 5), ['implement', {}, 180], done('successful', minutes)];
    return after(ticket, facts);
  };
  const risky = () => {
    const given: Beside = { experience: { successful: 0, failed: 50 } };
    const ticket = asked(atHighRisk, given);
    const facts = [word(ticket, 5), ['implement', {}, 180], done('successful')] as Turn[];
    return tell(ticket, facts.map(factOf), beside(given)).ticket;
  };

  it.each([
    ['failed', () => after(implementing(), [done('failed')])],
    ['backedOut', () => after(implementing(), [done('backedOut')])],
    ['with issues', () => after(implementing(), [done('successfulWithIssues')])],
    ['an emergency', () => emergency(200)],
    ['high risk', risky],
  ])('is not skipped: %s', (_, make) => {
    const ticket = make();
    expect(refused(ticket, ['close', {}, 300]).code).toBe('conflict');
    const closed: Turn[] = [
      ['review', { findings: 'Try it before.' }, 301],
      ['close', {}, 302],
    ];
    expect(after(ticket, closed)).toMatchObject({ state: 'closed', closedAt: at(0, 302) });
    // However long nobody does it.
    expect(passed(ticket, 60 * 24 * 60).ticket.state).toBe('review');
  });

  it('forgotten it is asked for each day, from the second time on of managers', () => {
    const so = passed(emergency(240), 240 + 5 * 24 * 60);
    expect(so.happenings.map(({ fact }) => fact.occurredAt)).toEqual(
      [3, 4, 5].map((days) => later({ days, hours: 4 })),
    );
    expect(noticesOf(so).filter(([to]) => to === 'managers')).toHaveLength(2);
    expect(detailsOf(so.ticket).review).toMatchObject({ remindedTimes: 3, doneAt: null });
  });

  it('that nobody needs is no reason to stay open', () => {
    const ticket = after(implementing(), [done('successful')]);
    expect(after(ticket, [['close', {}, 201]]).state).toBe('closed');
    expect(passed(ticket, 200 + 5 * 24 * 60).ticket).toMatchObject({ state: 'closed', agenda: [] });
  });

  it('done it leaves a change that closes by itself', () => {
    const ticket = after(emergency(240), [['review', { findings: 'Fine.' }, 300]]);
    expect(agendaOf(ticket)).toEqual([['reviewDue', later({ days: 5, hours: 5 })]]);
    const so = passed(ticket, 6 * 24 * 60);
    expect(so.ticket).toMatchObject({ state: 'closed', closedAt: later({ days: 5, hours: 5 }) });
  });
});
