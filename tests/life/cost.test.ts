/**
 * What lives cost in history. Virtual time itself writes events (each jump and each wish to move the
 * clock); `history()` leaves those out, so what is counted is what a real ticket would have.
 */
import { readFileSync } from 'node:fs';
import { temporal } from '@temporalio/proto';
import { openWorld, type World } from '../harness';
import { testStack } from '../setup/stack';
import { beginLife, kindsOf, pendingTimers, type LivingTicket } from './living';

const days = 86_400;

/** Bytes of the history as the server stores it. */
function bytesOf(events: Awaited<ReturnType<LivingTicket['history']>>): number {
  return temporal.api.history.v1.History.encode({ events: [...events] }).finish().length;
}

describe('what a life costs', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const p5 = { impact: 'low', urgency: 'low' };

  /** Events that `happen` adds to the history of a life at rest. */
  async function added(ticket: LivingTicket, happen: () => Promise<unknown>): Promise<string[]> {
    await ticket.rests();
    const before = (await ticket.history()).length;
    await happen();
    await ticket.rests();
    return kindsOf((await ticket.history()).slice(before));
  }

  it('nothing in thirty days of an idle ticket', async () => {
    const ticket = await beginLife(world, { input: p5 });
    await ticket.say('We look into it.');
    await ticket.give('hold', { reason: 'scheduled', until: ticket.inSeconds(40 * days) });
    expect((await ticket.row()).agenda.map(({ key }) => key)).toEqual(['holdUntil']);
    expect(await added(ticket, () => ticket.skip(30 * days))).toEqual([]);
    expect(pendingTimers(await ticket.history())).toBe(1);
  });

  it('nothing in thirty days of a ticket that is paused for the customer', async () => {
    const ticket = await beginLife(world, { input: p5 });
    await ticket.say('We look into it.');
    await ticket.give('hold', { reason: 'customer' });
    expect(await added(ticket, () => ticket.skip(30 * days))).toEqual([]);
    expect(pendingTimers(await ticket.history())).toBe(0);
  });

  it('six events for a command that leaves the timer alone', async () => {
    const ticket = await beginLife(world, { input: p5 });
    const events = await added(ticket, () => ticket.give('acknowledge'));
    expect(events.length).toBeLessThanOrEqual(6);
  });

  it('two more for a command that sets the timer anew, and one for search attributes', async () => {
    const ticket = await beginLife(world, { input: p5 });
    const events = await added(ticket, () =>
      ticket.give('resolve', { code: 'solved', notes: 'Done' }),
    );
    expect(events).toEqual(expect.arrayContaining(['TIMER_CANCELED', 'TIMER_STARTED']));
    expect(events).toContain('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES');
    expect(events.length).toBeLessThanOrEqual(9);
  });

  it('at most seven for a comment that sets the timer, and none for one it need not', async () => {
    const ticket = await beginLife(world, { input: p5 });
    await ticket.say('We look into it.');
    await ticket.give('hold', { reason: 'customer' });
    expect(await added(ticket, () => ticket.say('A note.', { isPublic: false }))).toEqual([]);
    const events = await added(ticket, () => ticket.say('Here it is.', { by: 'user' }));
    expect(events).toContain('TIMER_STARTED');
    expect(events.length).toBeLessThanOrEqual(7);
  });

  it('at most eight for an entry of the agenda, with the timer for the next', async () => {
    const ticket = await beginLife(world, { input: p5 });
    await ticket.give('resolve', { code: 'solved', notes: 'Done' });
    const events = await added(ticket, () => ticket.skip(4.5 * days));
    expect(events.length).toBeLessThanOrEqual(8);
  });

  it('at most 150 events for a usual life', async () => {
    const ticket = await beginLife(world, { input: p5 });
    await ticket.give('assign', { assigneeId: world.id('person', 'agent') }, { by: 'colleague' });
    await ticket.give('start');
    await ticket.say('We look into it.');
    await ticket.say('Thank you.', { by: 'user' });
    await ticket.give('hold', { reason: 'customer', comment: 'Which version is it?' });
    await ticket.say('The newest.', { by: 'user' });
    await ticket.give('resolve', { code: 'solved', notes: 'Done' });
    await ticket.skip(6 * days);
    expect(await ticket.ended()).toBe('COMPLETED');
    expect((await ticket.feed()).map(({ type }) => type)).toEqual([
      ...['opened', 'assigned', 'started', 'commented', 'commented', 'held', 'commented'],
      ...['commented', 'resumed', 'resolved', 'autoCloseReminded', 'closed'],
    ]);
    const events = await ticket.history();
    expect(events.length).toBeLessThanOrEqual(150);
    expect(bytesOf(events)).toBeLessThan(50_000);
  });

  it('one timer at a time, however many commands set it anew', async () => {
    const ticket = await beginLife(world, { input: p5 });
    for (let round = 1; round <= 5; round += 1) {
      await ticket.give('prioritize', {
        impact: round % 2 === 0 ? 'low' : 'high',
        urgency: 'high',
      });
      await ticket.give('hold', { reason: 'scheduled', until: ticket.inSeconds(round * days) });
    }
    await ticket.rests();
    const events = await ticket.history();
    expect(kindsOf(events).filter((kind) => kind === 'TIMER_STARTED').length).toBeGreaterThan(5);
    expect(pendingTimers(events)).toBe(1);
  });
});

describe('the code that every life runs', () => {
  const bundle = readFileSync(testStack().bundlePath ?? '', 'utf8');

  it.each([
    ['zod', /node_modules\/zod\/|ZodError|ZodType/],
    ['luxon', /node_modules\/luxon\/|fromISO|IANAZone/],
    ['rules', /workflows\/registry|models\/tickets\/(decide|apply)/],
  ])('contains no %s', (_, mark) => {
    expect(bundle).not.toMatch(mark);
  });

  it('is a bundle of the life, below 1.8 MB', () => {
    expect(bundle).toContain('workflows/life.ts');
    expect(bundle.length).toBeLessThan(1_800_000);
  });

  it('has at most 150 lines in life.ts', () => {
    const source = readFileSync('workflows/life.ts', 'utf8');
    const isCode = (line: string) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line);
    expect(source.split('\n').filter(isCode).length).toBeLessThanOrEqual(150);
  });
});
