import { aRule, at, only, opensUnder, resolves, says, waits } from '../../tests/clocks';
import { eventsOf, later, noticesOf, people } from '../../tests/factories';
import type { CustomerWait } from './policy/shape';

const waiting: CustomerWait = { remindAfterHours: [24, 72], resolveAfterDays: 7 };
const awaits = (wait?: CustomerWait) => opensUnder(only([aRule(wait ? { waiting: wait } : {})]));
const asks = at(1, 'hold', { reason: 'customer' });
const planned = ({ ticket }: { ticket: { agenda: readonly { key: string; at: string }[] } }) =>
  ticket.agenda
    .filter(({ key }) => key.startsWith('wait.'))
    .map(({ key, at: when }) => [key, when]);
const reminders = (so: Parameters<typeof noticesOf>[0]) =>
  noticesOf(so).filter(([, notice]) => notice === 'answerAwaited');

describe('a ticket that waits for its requester', () => {
  it('reminds, and in the end resolves, as the rule says, in real time since it began to wait', () => {
    expect(planned(awaits(waiting).tell(asks))).toEqual([
      ['wait.remind-1', later({ hours: 25 })],
      ['wait.remind-2', later({ hours: 73 })],
      ['wait.resolve', later({ days: 7, hours: 1 })],
    ]);
  });

  it('plans nothing where the rule says nothing, or for another wait', () => {
    expect(planned(awaits().tell(asks))).toEqual([]);
    expect(planned(awaits(waiting).tell(at(1, 'hold', { reason: 'vendor' })))).toEqual([]);
  });

  it('is never given up where the rule does not say when', () => {
    expect(planned(awaits({ remindAfterHours: [24] }).tell(asks)).map(([key]) => key)).toEqual([
      'wait.remind-1',
    ]);
  });

  it('tells the requester each time, with a line in the feed', () => {
    const so = awaits(waiting).tell(asks, waits(25), waits(73));
    expect(reminders(so)).toEqual([
      ['requester', 'answerAwaited'],
      ['requester', 'answerAwaited'],
    ]);
    const lines = so.happenings.flatMap(({ events }) => events);
    expect(lines.filter(({ type }) => type === 'customerReminded')).toMatchObject([
      { at: later({ hours: 25 }), data: { since: later({ hours: 1 }) } },
      { at: later({ hours: 73 }), data: { since: later({ hours: 1 }) } },
    ]);
  });

  it('tells the requester once of all reminders that an outage has kept', () => {
    expect(reminders(awaits(waiting).tell(asks, waits(100)))).toHaveLength(1);
  });

  it('is resolved when nobody answers, as having had none, and the clock stops then', () => {
    const { ticket } = awaits(waiting).tell(asks, waits(24 * 7 + 1));
    const resolvedAt = later({ days: 7, hours: 1 });
    expect(ticket).toMatchObject({
      ...{ state: 'resolved', resolvedAt },
      details: { hold: null, resolution: { code: 'noAnswer', byId: null } },
      clocks: [{ state: 'stopped', stoppedAt: resolvedAt }],
    });
    expect(planned({ ticket })).toEqual([]);
  });

  it('forgets all of it when the requester answers, and begins anew with the next wait', () => {
    const answered = awaits(waiting).tell(asks, says(2, people.requester));
    expect(planned(answered)).toEqual([]);
    const again = awaits(waiting).tell(
      asks,
      says(2, people.requester),
      at(30, 'hold', { reason: 'customer' }),
    );
    expect(planned(again)[0]).toEqual(['wait.remind-1', later({ hours: 54 })]);
  });

  it.each([
    ['resumed', at(2, 'resume')],
    ['resolved', resolves(2)],
    ['cancelled', at(2, 'cancel', { reason: 'x' })],
    ['on hold for another reason', at(2, 'hold', { reason: 'problem' })],
  ])('waits no more once it is %s', (_, ends) => {
    expect(planned(awaits(waiting).tell(asks, ends))).toEqual([]);
  });

  it('goes on waiting from when it began when it is put on hold once more', () => {
    const so = awaits(waiting).tell(asks, at(5, 'hold', { reason: 'customer' }));
    expect(planned(so)[0]).toEqual(['wait.remind-1', later({ hours: 25 })]);
    expect(eventsOf(so)).toEqual(['held', 'held']);
  });
});
