import { plusDays } from '../../models/instant';
import { openWorld, type World } from '../harness';
import { beginLife, pendingTimers, type LivingTicket } from './living';

const hours = 3_600;
const days = 86_400;

describe('what an incident does by itself', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const types = async (ticket: LivingTicket) => (await ticket.feed()).map(({ type }) => type);
  const solved = { code: 'solved', notes: 'The queue was restarted.' };

  /** In progress, answered, with a resolution clock of 80 business hours. */
  async function started() {
    const ticket = await beginLife(world, { input: { impact: 'low', urgency: 'low' } });
    await ticket.say('We look into it.');
    await ticket.give('start');
    return ticket;
  }

  it('ends a scheduled hold at the very instant, and the clock goes on', async () => {
    const ticket = await started();
    const until = ticket.inSeconds(30 * hours);
    await ticket.give('hold', { reason: 'scheduled', until });
    const held = await ticket.row();
    expect(held.agenda.map(({ key, at }) => [key, at])).toEqual([['holdUntil', until]]);
    expect(held.clocks[1]?.state).toBe('paused');
    await ticket.skip(29 * hours);
    expect((await ticket.row()).state).toBe('onHold');
    await ticket.skip(2 * hours);
    const [resumed] = await ticket.hears('resumed');
    expect(resumed).toMatchObject({ at: until, via: 'engine', data: { reason: 'until' } });
    const { state, clocks, details } = await ticket.row();
    expect([state, clocks[1]?.state, details['hold']]).toEqual(['inProgress', 'running', null]);
    expect(clocks[1]?.pauses).toMatchObject([{ to: until }]);
  });

  it('forgets the end of a hold that was ended before', async () => {
    const ticket = await started();
    await ticket.give('hold', { reason: 'scheduled', until: ticket.inSeconds(30 * hours) });
    await ticket.give('resume');
    expect((await ticket.row()).agenda.map(({ key }) => key)).not.toContain('holdUntil');
    const before = await types(ticket);
    await ticket.skip(31 * hours);
    await ticket.rests();
    expect(await types(ticket)).toEqual(before);
  });

  it('closes five days after it was resolved, a day after the reminder, and its life ends', async () => {
    const ticket = await started();
    await ticket.give('resolve', solved);
    const resolvedAt = (await ticket.hears('resolved'))[0]?.at ?? '';
    const { agenda } = await ticket.row();
    expect(agenda.map(({ key, at }) => [key, at])).toEqual([
      ['autoCloseReminder', plusDays(resolvedAt, 4)],
      ['autoClose', plusDays(resolvedAt, 5)],
    ]);
    await ticket.skip(4.5 * days);
    const [reminded] = await ticket.hears('autoCloseReminded');
    expect(reminded?.at).toBe(plusDays(resolvedAt, 4));
    expect((await ticket.row()).state).toBe('resolved');
    await ticket.skip(days);
    const [closed] = await ticket.hears('closed');
    expect(closed).toMatchObject({ at: plusDays(resolvedAt, 5), data: { reason: 'autoClose' } });
    expect(await ticket.row()).toMatchObject({ state: 'closed', isSettled: true, nextDueAt: null });
    expect(await ticket.ended()).toBe('COMPLETED');
    const told = (await ticket.notices()).filter((notice) => notice.endsWith(' user'));
    expect(told).toEqual(['commented user', 'resolved user', 'autoCloseSoon user', 'closed user']);
  });

  it('stays open when it was reopened after the reminder, and closes five days after the next', async () => {
    const ticket = await started();
    await ticket.give('resolve', solved);
    await ticket.skip(4.5 * days);
    await ticket.hears('autoCloseReminded');
    await ticket.give('reopen', { reason: 'It came back.' }, { by: 'user' });
    const open = await ticket.row();
    expect(open.state).toBe('inProgress');
    expect(open.agenda.map(({ key }) => key)).toEqual([
      'sla.resolution.75',
      'sla.resolution.100',
      'sla.resolution.150',
    ]);
    await ticket.skip(days);
    await ticket.rests();
    expect((await ticket.row()).state).toBe('inProgress');
    expect(pendingTimers(await ticket.history())).toBe(1);
    await ticket.give('resolve', solved);
    const again = (await ticket.hears('resolved', 2))[1]?.at ?? '';
    await ticket.skip(6 * days);
    const closed = await ticket.hears('closed');
    expect(closed.map(({ at }) => at)).toEqual([plusDays(again, 5)]);
    expect(await ticket.hears('autoCloseReminded', 2)).toHaveLength(2);
  });

  it('does not remind where it closes within a day', async () => {
    const hasty = await openWorld({ settings: { autoCloseDays: 1 } });
    try {
      const ticket = await beginLife(hasty, { input: { impact: 'low', urgency: 'low' } });
      await ticket.give('resolve', solved);
      expect((await ticket.row()).agenda.map(({ key }) => key)).toEqual(['autoClose']);
      await ticket.skip(days + 1);
      expect(await ticket.ended()).toBe('COMPLETED');
      expect(await types(ticket)).toEqual(['opened', 'resolved', 'closed']);
    } finally {
      await hasty.close();
    }
  });
});
