import { dueAt } from '../../models/sla/clock';
import { businessHours } from '../../models/sla/calendar';
import { deliveryPolicy } from '../../models/sla/policy/default';
import { birthIdOf } from '../../models/tickets/identity';
import {
  aFact,
  aPolicy,
  anAgreement,
  calendars,
  eventsOf,
  goOn,
  later,
  monday,
  noticesOf,
  people,
  teams,
  uuid,
  type Told,
} from '../../tests/factories';
import {
  after,
  anItem,
  aPlan,
  automatic,
  byHand,
  byManager,
  contextOf,
  detailsOf,
  handled,
  ordered,
  statesOf,
  worked,
  type Ordered,
} from '../../tests/requests';
import { hashOf } from '../../models/approvals/shown';

const { agent } = people;
const order = (fulfilment: ReturnType<typeof aPlan>, more: object = {}): Ordered => ({
  item: anItem({ fulfilment, ...more }),
});

function say(told: Told, about: Ordered, ...facts: Parameters<typeof goOn>[1]): Told {
  return goOn(told, facts, contextOf(about));
}
const births = (told: Told) => told.happenings.flatMap(({ owed }) => owed.births);
const messages = (told: Told) => told.happenings.flatMap(({ owed }) => owed.messages);

describe('a request that nobody has to approve', () => {
  it('is submitted, and in fulfilment as soon as its life begins', () => {
    const about = order(aPlan([]));
    expect(ordered(about).ticket.state).toBe('submitted');
    const told = after(about, []);
    expect(told.ticket.state).toBe('inFulfilment');
    expect(detailsOf(told)).toMatchObject({
      item: { id: uuid(71), version: 3, name: 'Laptop' },
      ...{ startDay: '2026-03-02', cost: { amount: 10, currency: 'EUR', per: 'once' } },
    });
  });

  it('without a plan is fulfilled by whoever has it, and closes by itself', () => {
    const about = order(aPlan([]));
    const done = after(about, [aFact('fulfil', { notes: 'On your desk.' })]);
    expect(done.ticket).toMatchObject({ state: 'fulfilled', resolvedAt: later({ hours: 1 }) });
    expect(noticesOf(done)).toContainEqual(['requester', 'fulfilled']);
    const closed = say(
      done,
      about,
      aFact('due', {}, { via: 'engine', occurredAt: later({ days: 6 }) }),
    );
    expect(closed.ticket.state).toBe('closed');
  });

  it('costs as much as all that is ordered of it', () => {
    const told = ordered({ item: anItem(), input: { quantity: 3 } });
    expect(detailsOf(told).cost?.amount).toBe(30);
  });

  it('is promised what its item says, and the clock stands while approval is awaited', () => {
    const about = { ...order(aPlan([]), { approval: byManager }) };
    const agreement = anAgreement({
      policies: [aPolicy({ name: 'Requests', definition: deliveryPolicy(calendars.business) })],
    });
    const context = { ...contextOf(about), agreement };
    const begin = aFact('due', {}, { via: 'engine', occurredAt: later({ hours: 1 }) });
    const asked = goOn({ ...ordered(about) }, [begin], context);
    const [clock] = asked.ticket.clocks;
    expect([clock?.state, clock?.terms.targetSeconds]).toEqual(['paused', 7_200]);
    const approved = goOn(asked, [decision(asked, 'approved', { hours: 5 })], context);
    const [going] = approved.ticket.clocks;
    expect(going && dueAt(going, businessHours('UTC'))).toBe(later({ hours: 7 }));
  });
});

/** The round has ended `after` it was asked. */
function decision(told: Told, result: string, at: { hours: number } = { hours: 2 }) {
  const { approval } = detailsOf(told);
  const [round] = approval?.rounds ?? [];
  const input = {
    ...{ approvalId: round?.id, result, reason: 'Because.', byId: agent.id, answers: [] },
    shownHash: hashOf(approval?.shown ?? {}),
  };
  return aFact('approvalDecided', input, { via: 'signal', occurredAt: later(at) });
}

describe('a request that is to be approved', () => {
  const about = order(aPlan([automatic('account')]), { approval: byManager });

  it('waits, shows what is ordered, and begins when it is approved', () => {
    const asked = after(about, []);
    expect(asked.ticket.state).toBe('awaitingApproval');
    expect(births(asked)).toMatchObject([
      {
        type: 'approval',
        input: { shown: { item: 'Laptop', answers: { model: 'big' } }, answersByEngine: false },
      },
    ]);
    const begun = say(asked, about, decision(asked, 'approved'));
    expect([begun.ticket.state, statesOf(begun)]).toEqual(['inFulfilment', { account: 'running' }]);
  });

  it.each(['rejected', 'expired'])('is over when it is %s, and the requester is told', (result) => {
    const asked = after(about, []);
    const over = say(asked, about, decision(asked, result));
    expect(over.ticket).toMatchObject({ state: 'rejected', closedAt: later({ hours: 2 }) });
    expect(noticesOf(over)).toContainEqual(['requester', 'rejected']);
  });

  it('asks nobody when the condition of its item does not hold', () => {
    const cheap = { ...byManager, when: 'cost>100' };
    expect(after(order(aPlan([]), { approval: cheap }), []).ticket.state).toBe('inFulfilment');
    const dear = { item: anItem({ approval: cheap }), input: { quantity: 11 } };
    expect(after(dear, []).ticket.state).toBe('awaitingApproval');
  });

  it('may be cancelled by its requester, who then asks nobody any more', () => {
    const asked = after(about, []);
    const cancel = aFact('cancel', { reason: 'No need.' }, { actor: people.requester });
    const over = say(asked, about, cancel);
    expect(over.ticket.state).toBe('cancelled');
    expect(messages(over)).toMatchObject([{ name: 'withdrawn' }]);
  });
});

describe('requests of one order', () => {
  const second = uuid(81);
  const covered = [
    {
      ...{ id: second, number: 'REQ0000043', item: { name: 'Screen', version: 1 } },
      ...{ quantity: 2, cost: null, answers: {} },
    },
  ];
  const lead = { item: anItem({ approval: byManager }), input: { covers: [second] }, covered };
  const follower = { item: anItem({ approval: byManager }), input: { coveredById: uuid(62) } };

  it('are decided by one round, which shows all of them', () => {
    const asked = after(lead, []);
    expect(births(asked)).toHaveLength(1);
    expect(detailsOf(asked).approval?.shown['also']).toMatchObject([{ number: 'REQ0000043' }]);
    const decided = say(asked, lead, decision(asked, 'approved'));
    expect(messages(decided)).toMatchObject([
      { ticketId: second, name: 'coverDecided', input: { result: 'approved' } },
    ]);
  });

  it('of which the other one waits, asks nobody, and hears the decision', () => {
    const waiting = after(follower, []);
    expect([waiting.ticket.state, births(waiting)]).toEqual(['awaitingApproval', []]);
    const input = { result: 'rejected', reason: 'Too dear.', byId: agent.id };
    const over = say(waiting, follower, aFact('coverDecided', input, { via: 'signal' }));
    expect(over.ticket.state).toBe('rejected');
  });

  it('go their own way when the first one is cancelled, and are asked anew when another one is', () => {
    const waiting = after(follower, []);
    const alone = say(waiting, follower, aFact('askYourself', { reason: 'x' }, { via: 'signal' }));
    expect(births(alone)).toHaveLength(1);
    expect(detailsOf(alone).coveredById).toBeNull();
    const cancelled = say(waiting, follower, aFact('cancel', { reason: 'No.' }));
    expect(messages(cancelled)).toMatchObject([{ ticketId: uuid(62), name: 'uncovered' }]);
    const asked = after(lead, []);
    const fewer = say(asked, lead, aFact('uncovered', { requestId: second }, { via: 'signal' }));
    expect(messages(fewer)).toMatchObject([{ name: 'restated' }]);
    expect(detailsOf(fewer).approval?.shown['also']).toBeUndefined();
  });
});

describe('a plan', () => {
  it('gives work by hand to task tickets, with a day, a team and words for its end', () => {
    const desk = byHand('desk', { dueDays: 2, teamId: teams.network, outcomes: ['new', 'old'] });
    const told = after(order(aPlan([desk])), []);
    const [birth] = births(told);
    expect(birth).toMatchObject({
      ...{ type: 'task', link: 'taskOf' },
      input: {
        ...{ key: 'desk', teamId: teams.network, outcomes: ['new', 'old'], isUndo: false },
        dueAt: '2026-03-05T00:00:00.000Z',
      },
    });
    const cause = told.happenings.at(-1)?.fact.cause ?? '';
    expect(detailsOf(told).tasks[0]?.ticketId).toBe(birthIdOf(told.ticket.id, cause, 0));
  });

  it('goes on with what people say and activities answer, and is delivered at its end', () => {
    const about = order(
      aPlan([
        automatic('account'),
        byHand('desk', { outcomes: ['new', 'old'] }),
        automatic('mail', { after: ['account'], input: { to: '{results.account.id}' } }),
        byHand('paint', { after: ['desk'], when: 'results.desk==old' }),
      ]),
    );
    const begun = after(about, []);
    expect(statesOf(begun)).toEqual({
      ...{ account: 'running', desk: 'running', mail: 'waiting', paint: 'waiting' },
    });
    const made = say(begun, about, worked(begun, 'task.account', { id: 'u7' }));
    expect(made.ticket.work).toMatchObject([{ key: 'task.mail', input: { to: 'u7' } }]);
    const placed = say(made, about, handled(made, 'desk', true, 'new'));
    expect(statesOf(placed)).toMatchObject({ desk: 'done', paint: 'skipped', mail: 'running' });
    const done = say(placed, about, worked(placed, 'task.mail', { sent: true }));
    expect(done.ticket.state).toBe('fulfilled');
    expect(eventsOf(done)).toEqual(
      expect.arrayContaining(['taskDone', 'taskSkipped', 'fulfilled']),
    );
  });

  it('counts its days from an answer, and waits for the day of a task', () => {
    const about: Ordered = {
      item: anItem({
        fulfilment: aPlan([byHand('desk', { notBeforeDays: -1, dueDays: 0 })], {
          startDay: 'first',
        }),
      }),
      input: { answers: { first: '2026-03-20' } },
    };
    const waiting = after(about, []);
    expect(statesOf(waiting)).toEqual({ desk: 'waiting' });
    expect(waiting.ticket.agenda).toContainEqual(
      expect.objectContaining({ key: 'opens.desk', at: '2026-03-19T00:00:00.000Z' }),
    );
    const day = aFact('due', {}, { via: 'engine', occurredAt: '2026-03-19T00:00:00.000Z' });
    expect(statesOf(say(waiting, about, day))).toEqual({ desk: 'running' });
  });

  it('begins nothing while it is held, and takes up what ended meanwhile', () => {
    const about = order(aPlan([automatic('a'), automatic('b', { after: ['a'] })]));
    const begun = after(about, []);
    const held = say(begun, about, aFact('hold', { reason: 'vendor' }));
    const later2 = say(held, about, worked(held, 'task.a', {}));
    expect([later2.ticket.state, statesOf(later2)]).toEqual([
      'onHold',
      { a: 'done', b: 'waiting' },
    ]);
    expect(
      statesOf(say(later2, about, aFact('resume', {}, { occurredAt: later({ hours: 4 }) }))),
    ).toEqual({
      ...{ a: 'done', b: 'running' },
    });
  });

  it('is not delivered twice: what was not as ordered is delivered by hand', () => {
    const about = order(aPlan([automatic('a')]));
    const begun = after(about, []);
    const done = say(begun, about, worked(begun, 'task.a', {}));
    const at = { occurredAt: later({ hours: 5 }) };
    const again = say(done, about, aFact('reopen', { reason: 'Wrong.' }, at));
    expect(again.ticket).toMatchObject({ state: 'inFulfilment', resolvedAt: null });
    expect(again.ticket.agenda).toEqual([]);
    expect(say(again, about, aFact('fulfil', {}, at)).ticket.state).toBe('fulfilled');
  });
});

describe('a task that fails for good', () => {
  const tasks = [
    automatic('account'),
    byHand('desk', { after: ['account'], undo: { title: 'Clear the desk', description: '' } }),
    automatic('licence', { after: ['desk'] }),
    byHand('badge'),
  ];

  function failedAt(onFailure: 'undo' | 'ask') {
    const about = order(aPlan(tasks, { onFailure }));
    const begun = after(about, []);
    const one = say(begun, about, worked(begun, 'task.account', { id: 'u7' }));
    const two = say(one, about, handled(one, 'desk'));
    return { about, told: say(two, about, worked(two, 'task.licence', { error: 'none left' })) };
  }

  it('has what was done before it undone, the last first, and the request cancelled', () => {
    const { about, told } = failedAt('undo');
    expect(statesOf(told)).toEqual({
      ...{ account: 'done', desk: 'undoing', licence: 'failed', badge: 'skipped' },
    });
    expect(births(told).at(-1)).toMatchObject({ input: { title: 'Clear the desk', isUndo: true } });
    expect(messages(told)).toMatchObject([{ name: 'withdrawn' }]);
    const cleared = say(told, about, handled(told, 'desk'));
    expect(cleared.ticket.work).toMatchObject([
      { key: 'undo.account', activity: 'unmake', input: { what: { id: 'u7' } } },
    ]);
    const over = say(cleared, about, worked(cleared, 'undo.account', {}));
    expect([over.ticket.state, over.ticket.closedAt !== null]).toEqual(['cancelled', true]);
    expect(statesOf(over)).toMatchObject({ account: 'undone', desk: 'undone' });
    expect(detailsOf(over).reason).toContain('Make licence');
  });

  it('waits for what still runs, which may be done after all, before anything is undone', () => {
    const about = order(aPlan([automatic('a'), automatic('b')]));
    const begun = after(about, []);
    const failed = say(begun, about, worked(begun, 'task.a', { error: 'no' }));
    expect([failed.ticket.state, statesOf(failed)]).toEqual([
      ...['inFulfilment', { a: 'failed', b: 'running' }],
    ]);
    const undoing = say(failed, about, worked(failed, 'task.b', { id: 1 }));
    expect(statesOf(undoing)).toEqual({ a: 'failed', b: 'undoing' });
    expect(undoing.ticket.work).toMatchObject([{ key: 'undo.b' }]);
  });

  it('is decided about by a person where the item says so: tried again, or gone on without', () => {
    const { about, told } = failedAt('ask');
    expect(detailsOf(told).stuck).toMatchObject([{ task: 'licence', isUndo: false }]);
    expect(noticesOf(told)).toContainEqual(['team', 'taskFailed']);
    const at = { occurredAt: later({ hours: 4 }) };
    const again = say(told, about, aFact('retryTask', { task: 'licence' }, at));
    expect(statesOf(again)).toMatchObject({ licence: 'running', badge: 'running' });
    expect(detailsOf(again).stuck).toEqual([]);
    const without = say(
      told,
      about,
      aFact('skipTask', { task: 'licence', reason: 'By hand.' }, at),
    );
    const done = say(without, about, handled(without, 'badge'));
    expect(done.ticket.state).toBe('fulfilled');
  });

  it('of those that undo is decided about by a person, too, and the rest waits for that', () => {
    const { about, told } = failedAt('undo');
    const stuck = say(told, about, handled(told, 'desk', false));
    expect(statesOf(stuck)).toMatchObject({ account: 'done', desk: 'notUndone' });
    expect(detailsOf(stuck).stuck).toMatchObject([{ task: 'desk', isUndo: true }]);
    const at = { occurredAt: later({ hours: 4 }) };
    const again = say(stuck, about, aFact('retryTask', { task: 'desk' }, at));
    expect(statesOf(again)).toMatchObject({ desk: 'undoing' });
    const left = say(stuck, about, aFact('skipTask', { task: 'desk', reason: 'Keep it.' }, at));
    expect(statesOf(left)).toMatchObject({ account: 'undoing', desk: 'notUndone' });
  });

  it('counts no more when the word of one that was stopped comes late', () => {
    const { about, told } = failedAt('undo');
    const badge = detailsOf(told).tasks.find(({ key }) => key === 'badge');
    const input = { taskId: badge?.ticketId, key: 'badge', isUndo: false, isDone: true };
    const said = { ...input, outcome: 'done', note: null };
    const late = say(
      told,
      about,
      aFact('taskEnded', said, { via: 'signal', occurredAt: later({ hours: 3 }) }),
    );
    expect(statesOf(late)).toEqual(statesOf(told));
  });

  it('is undone, too, when a person cancels what is in fulfilment', () => {
    const about = order(aPlan([automatic('a')]));
    const begun = after(about, []);
    const done = say(begun, about, worked(begun, 'task.a', {}));
    expect(done.ticket.state).toBe('fulfilled');
    const two = order(aPlan([automatic('a'), byHand('b', { after: ['a'] })]));
    const started = after(two, []);
    const made = say(started, two, worked(started, 'task.a', {}));
    const at = { occurredAt: later({ hours: 4 }) };
    const undoing = say(made, two, aFact('cancel', { reason: 'No need.' }, at));
    expect([undoing.ticket.state, statesOf(undoing)]).toEqual([
      ...['inFulfilment', { a: 'undoing', b: 'skipped' }],
    ]);
    const over = say(undoing, two, {
      ...worked(undoing, 'undo.a', {}),
      occurredAt: later({ hours: 5 }),
    });
    expect([over.ticket.state, detailsOf(over).reason]).toEqual(['cancelled', 'No need.']);
    expect(monday < later({ hours: 5 })).toBe(true);
  });
});
