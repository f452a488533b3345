import { plusSeconds, toInstant, type Instant } from '../../models/instant';
import { openWorld, type World } from '../harness';
import { beginLife, pendingTimers, type Line, type LivingTicket } from './living';
import { DateTime } from 'luxon';

const minutes = 60;
const hours = 3_600;

/** The present second, so that shares of targets are whole milliseconds. */
function thisSecond(): Instant {
  return toInstant(Math.floor(Date.now() / 1_000) * 1_000);
}

function steps(lines: readonly Line[]): [type: string, at: string, clock: unknown][] {
  return lines
    .filter(({ type }) => type.startsWith('sla'))
    .map(({ type, at, data }) => [type, at, data['clock']]);
}

describe('the ladder of an SLA clock', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const p1 = { impact: 'high', urgency: 'high' };
  const p3 = { impact: 'medium', urgency: 'medium' };

  /** What the life has still to do, once it has nothing to do any more. */
  async function settledLadder(ticket: LivingTicket, last: Line['type'], times: number) {
    await ticket.hears(last, times);
    await ticket.rests();
    return steps(await ticket.feed());
  }

  it('warns, breaches and escalates a P1 at the exact due instants', async () => {
    const at = thisSecond();
    const ticket = await beginLife(world, { input: p1, at });
    await ticket.give('assign', { assigneeId: world.id('person', 'agent') }, { by: 'colleague' });
    await ticket.skipTo(plusSeconds(at, 7 * hours));
    const due = (seconds: number) => plusSeconds(at, seconds);
    expect(await settledLadder(ticket, 'slaEscalated', 2)).toEqual([
      ['slaWarned', due(11.25 * minutes), 'response'],
      ['slaBreached', due(15 * minutes), 'response'],
      ['slaEscalated', due(22.5 * minutes), 'response'],
      ['slaWarned', due(3 * hours), 'resolution'],
      ['slaBreached', due(4 * hours), 'resolution'],
      ['slaEscalated', due(6 * hours), 'resolution'],
    ]);
    const { clocks, agenda, details } = await ticket.row();
    expect(clocks.map(({ breaches }) => breaches.map((breach) => breach.at))).toEqual([
      [due(15 * minutes)],
      [due(4 * hours)],
    ]);
    expect(agenda).toEqual([]);
    expect(details).toMatchObject({ escalation: { level: 2 } });
    expect(pendingTimers(await ticket.history())).toBe(0);
  });

  it('tells each recipient of each step once: holder, then lead, then managers', async () => {
    const at = thisSecond();
    const ticket = await beginLife(world, { input: p1, at });
    await ticket.give('assign', { assigneeId: world.id('person', 'agent') }, { by: 'colleague' });
    await ticket.skipTo(plusSeconds(at, 23 * minutes));
    await ticket.hears('slaEscalated');
    await ticket.rests();
    expect(await ticket.notices()).toEqual([
      'assigned agent',
      'slaWarning agent',
      'slaBreach agent',
      'slaBreach lead',
      'slaEscalation manager',
    ]);
  });

  it('tells the whole team when nobody has the ticket, and a lead who is a member once', async () => {
    await world.rows(`insert into team_members select $1, $2, $3 on conflict do nothing`, [
      world.organizationId,
      world.id('team', 'Network'),
      world.id('person', 'lead'),
    ]);
    const at = thisSecond();
    const mail = { ...p1, serviceId: world.id('service', 'Mail') };
    const ticket = await beginLife(world, { input: mail, at });
    await ticket.skipTo(plusSeconds(at, 16 * minutes));
    await ticket.hears('slaBreached');
    await ticket.rests();
    expect(await ticket.notices()).toEqual([
      'slaWarning colleague',
      'slaWarning lead',
      'slaBreach colleague',
      'slaBreach lead',
    ]);
  });

  it('asks for an acknowledgement anew with each breach', async () => {
    const at = thisSecond();
    const ticket = await beginLife(world, { input: p1, at });
    await ticket.skipTo(plusSeconds(at, 16 * minutes));
    await ticket.hears('slaBreached');
    await ticket.give('acknowledge');
    const seen = (await ticket.row()).details;
    expect(seen).toMatchObject({
      escalation: { level: 1, acknowledgedById: world.id('person', 'agent') },
    });
    await ticket.skipTo(plusSeconds(at, 4 * hours + 1));
    await ticket.hears('slaBreached', 2);
    expect((await ticket.row()).details).toMatchObject({
      escalation: { level: 2, acknowledgedAt: null },
    });
  });

  it('counts a P3 in business hours of Berlin, over a weekend', async () => {
    const friday = DateTime.now()
      .setZone('Europe/Berlin')
      .plus({ weeks: 1 })
      .set({ weekday: 5, hour: 15, minute: 0, second: 0, millisecond: 0 });
    const wall = (days: number, hour: number) =>
      toInstant(friday.plus({ days }).set({ hour }).toMillis());
    const ticket = await beginLife(world, { input: p3, at: wall(0, 15) });
    await ticket.skipTo(wall(7, 12));
    expect(await settledLadder(ticket, 'slaEscalated', 2)).toEqual([
      ['slaWarned', wall(3, 10), 'response'],
      ['slaBreached', wall(3, 11), 'response'],
      ['slaEscalated', wall(3, 13), 'response'],
      ['slaWarned', wall(4, 17), 'resolution'],
      ['slaBreached', wall(5, 15), 'resolution'],
      ['slaEscalated', wall(7, 11), 'resolution'],
    ]);
  });

  it('stands still while it waits for the customer, and goes on with new due instants', async () => {
    const at = thisSecond();
    const ticket = await beginLife(world, { input: p1, at });
    await ticket.say('We look into it.');
    await ticket.give('start');
    await ticket.give('hold', { reason: 'customer' });
    const held = await ticket.row();
    expect(held).toMatchObject({ state: 'onHold', nextDueAt: null, agenda: [] });
    expect(held.clocks.map(({ state }) => state)).toEqual(['stopped', 'paused']);
    await ticket.rests();
    expect(pendingTimers(await ticket.history())).toBe(0);
    await ticket.skip(10 * hours);
    expect(steps(await ticket.feed())).toEqual([]);
    await ticket.say('Here is what you asked for.', { by: 'user' });
    const { state, clocks, agenda, nextDueAt } = await ticket.row();
    expect(state).toBe('inProgress');
    const [pause] = clocks[1]?.pauses ?? [];
    const stood = Date.parse(pause?.to ?? '') - Date.parse(pause?.from ?? '');
    expect(stood).toBeGreaterThanOrEqual(10 * hours * 1_000);
    const due = (seconds: number) => plusSeconds(at, seconds + stood / 1_000);
    expect(agenda.map((entry) => [entry.key, entry.at])).toEqual([
      ['sla.resolution.75', due(3 * hours)],
      ['sla.resolution.100', due(4 * hours)],
      ['sla.resolution.150', due(6 * hours)],
    ]);
    expect(nextDueAt).toBe(due(3 * hours));
    await ticket.skipTo(due(4 * hours + 1));
    expect(await settledLadder(ticket, 'slaBreached', 1)).toEqual([
      ['slaWarned', due(3 * hours), 'resolution'],
      ['slaBreached', due(4 * hours), 'resolution'],
    ]);
  });

  it('runs on while it waits for a vendor', async () => {
    const at = thisSecond();
    const ticket = await beginLife(world, { input: p1, at });
    await ticket.give('hold', { reason: 'vendor' });
    await ticket.skipTo(plusSeconds(at, 4 * hours + 1));
    const reached = await settledLadder(ticket, 'slaBreached', 2);
    expect(reached.at(-1)).toEqual(['slaBreached', plusSeconds(at, 4 * hours), 'resolution']);
  });
});
