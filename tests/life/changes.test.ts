/** Changes from their draft to their end on the real server, in virtual time. */
import { plusSeconds, toInstant, type Instant } from '../../models/instant';
import { openWorld, type World } from '../harness';
import { beginLife, type Line, type LivingTicket } from './living';
import { becomes, roundOf } from './rounds';

const minute = 60;
const hour = 3_600;
const day = 86_400;

const plans = {
  implementation: 'Move it.',
  test: 'Mail.',
  backOut: 'Back.',
  communication: 'Tell.',
};
const risky = { impact: 'high', testEvidence: 'none', backOut: 'impossible' };

let world: World;
beforeAll(async () => {
  world = await openWorld({ carries: true });
});
afterAll(() => world.close());

/** The present second. */
const thisSecond = (): Instant => toInstant(Math.floor(Date.now() / 1_000) * 1_000);

const timesOf = (lines: readonly Line[], ...types: string[]) =>
  lines.filter(({ type }) => types.includes(type)).map(({ type, at }) => [type, at]);
const atOf = (lines: readonly Line[], type: string): Instant => {
  const found = lines.findLast((line) => line.type === type);
  if (!found) throw new Error(`Nothing was ${type}`);
  return found.at;
};
const agendaOf = async (ticket: LivingTicket) =>
  (await ticket.row()).agenda.map(({ key, at }) => [key, at]);
const refusalOf = async (ticket: LivingTicket, name: string) => {
  const outcome = await ticket.give(name);
  return outcome.kind === 'refused' ? outcome.code : outcome.kind;
};

describe('a change that a board of five decides about', () => {
  const begun = thisSecond();
  const start = plusSeconds(begun, 5 * day);
  const end = plusSeconds(start, 4 * hour);
  let change: LivingTicket;
  let first: LivingTicket;

  beforeAll(async () => {
    const [manager, admin] = await Promise.all([world.as('manager'), world.as('admin')]);
    const person = (name: string) => world.id('person', name);
    const board = await manager.post('/boards', {
      ...{ name: 'Board', kind: 'cab', chairId: person('manager') },
      memberIds: ['manager', 'lead', 'colleague', 'admin', 'user'].map(person),
    });
    expect(board.status).toBe(201);
    const away = await admin.post(`/users/${person('user')}/delegations`, {
      ...{ substituteId: person('stranger'), from: plusSeconds(begun, -hour) },
      until: plusSeconds(begun, 30 * day),
    });
    expect(away.status).toBe(201);
    const input = { window: { start, end }, risk: risky, plans, backOutMinutes: 90 };
    change = await beginLife(world, { type: 'change', by: 'agent', input, at: begun });
    await change.give('submit');
    await change.give('requestApproval');
    first = await roundOf(world, change);
  });

  it('asks all five and reminds them twice, a day and two days after it asked', async () => {
    const asked = atOf(await first.feed(), 'opened');
    expect((await change.row()).details).toMatchObject({ authority: 'cab' });
    const { details, agenda } = await first.row();
    expect(details['voters']).toHaveLength(5);
    expect(agenda.map(({ key, at }) => [key, at])).toEqual([
      ['reminder', plusSeconds(asked, day)],
      ['expiry', start],
    ]);
    await first.answer('approve', 'colleague');
    await first.hears('answered');
    await first.skipTo(plusSeconds(asked, 2 * day + minute));
    await first.hears('reminded', 2);
    expect(timesOf(await first.feed(), 'reminded')).toEqual([
      ['reminded', plusSeconds(asked, day)],
      ['reminded', plusSeconds(asked, 2 * day)],
    ]);
    const told = (await first.notices()).filter((notice) => notice === 'reminded colleague');
    expect(told).toEqual([]);
  });

  it('loses its votes when the plan is edited in the middle, and tells the difference', async () => {
    await change.skipTo(plusSeconds(begun, 2 * day + 10 * minute));
    await change.give('plan', { cost: 1200 });
    const [restated] = await first.hears('restated');
    expect(restated?.data).toMatchObject({
      differences: [{ name: 'cost', from: null, to: 1200 }],
      fallen: [{ approverId: world.id('person', 'colleague'), answer: 'approve' }],
    });
    expect((await first.row()).details).toMatchObject({ votes: [], round: 2 });
    const edited = atOf(await change.feed(), 'planned');
    expect(restated?.at).toBe(edited);
    expect(await agendaOf(first)).toEqual([
      ['reminder', plusSeconds(edited, day)],
      ['expiry', start],
    ]);
  });

  it('is answered by a substitute, ended by the veto of the chair, and rejected for 30 days', async () => {
    await first.answer('approve', 'stranger');
    await first.hears('answered', 2);
    await first.answer('reject', 'manager', { comment: 'Not before the audit.' });
    await first.hears('decided');
    expect((await first.row()).details).toMatchObject({
      outcome: { result: 'rejected', reason: 'veto' },
      votes: [
        { approverId: world.id('person', 'user'), byId: world.id('person', 'stranger') },
        { approverId: world.id('person', 'manager'), answer: 'reject' },
      ],
    });
    await becomes(change, 'rejected');
    const rejected = atOf(await first.feed(), 'decided');
    expect(await agendaOf(change)).toEqual([['lapse', plusSeconds(rejected, 30 * day)]]);
  });

  it('is revised and asked anew: approved by a majority of the five', async () => {
    await change.give('revise', { reason: 'After the audit.' });
    await change.give('plan', { plans: { ...plans, test: 'Rehearsed.' } });
    await change.give('submit');
    await change.give('requestApproval');
    const second = await roundOf(world, change);
    expect(second.id).not.toBe(first.id);
    await second.answer('approve', 'colleague');
    await second.answer('approve', 'lead');
    await second.hears('answered', 2);
    expect((await change.row()).state).toBe('awaitingApproval');
    await second.answer('approve', 'stranger');
    await becomes(change, 'scheduled');
    expect(await agendaOf(change)).toEqual([
      ['windowOpens', start],
      ['windowCloses', end],
    ]);
    expect(await second.ended()).toBe('COMPLETED');
    const names = ['colleague', 'lead', 'user', 'stranger'];
    expect((await change.row()).details['approvedByIds']).toEqual(
      expect.arrayContaining(names.map((name) => world.id('person', name))),
    );
  });

  it('is begun in its window only, which the engine opens', async () => {
    await change.skipTo(plusSeconds(start, -20));
    expect(await refusalOf(change, 'implement')).toBe('conflict');
    await change.skipTo(plusSeconds(start, minute));
    await change.hears('windowOpened');
    expect(timesOf(await change.feed(), 'windowOpened')).toEqual([['windowOpened', start]]);
    await change.give('implement');
    expect(await agendaOf(change)).toEqual([
      ['backOutBy', plusSeconds(end, -90 * minute)],
      ['windowEnds', plusSeconds(end, -15 * minute)],
      ['overrun', end],
    ]);
  });

  it('is told when to go back, goes back too long, and is reviewed before it is closed', async () => {
    await change.skipTo(plusSeconds(end, -80 * minute));
    await change.hears('backOutDue');
    await change.give('backOut', { reason: 'No mail arrives.' });
    await change.skipTo(plusSeconds(end, 70 * minute));
    await change.hears('overran', 2);
    expect(timesOf(await change.feed(), 'backOutDue', 'windowEnding', 'overran')).toEqual([
      ['backOutDue', plusSeconds(end, -90 * minute)],
      ['overran', end],
      ['overran', plusSeconds(end, hour)],
    ]);
    await change.give('complete');
    const row = await change.row();
    expect(row).toMatchObject({ state: 'review', details: { outcome: 'backedOut' } });
    const completed = atOf(await change.feed(), 'completed');
    expect(await agendaOf(change)).toEqual([['reviewDue', plusSeconds(completed, 5 * day)]]);
    expect(await refusalOf(change, 'close')).toBe('conflict');
    await change.give('review', { findings: 'Rehearse the way back.' });
    await change.give('close');
    expect(await change.ended()).toBe('COMPLETED');
    expect(await change.row()).toMatchObject({ state: 'closed', agenda: [], nextDueAt: null });
  });
});

describe('an emergency whose review is forgotten', () => {
  it('is asked for each day, higher up from the second time on, and not closed before', async () => {
    const at = thisSecond();
    const window = { start: plusSeconds(at, -hour), end: plusSeconds(at, 4 * hour) };
    const input = { kind: 'emergency', window, risk: risky, plans };
    const change = await beginLife(world, { type: 'change', by: 'agent', input, at });
    await change.give('submit');
    const round = await roundOf(world, change);
    const asked = atOf(await round.feed(), 'opened');
    expect(await agendaOf(round)).toEqual([
      ['reminder', plusSeconds(asked, hour)],
      ['expiry', window.end],
    ]);
    await round.answer('approve', 'manager');
    await becomes(change, 'scheduled');
    await change.give('implement');
    await change.give('complete', { outcome: 'successful' });
    const completed = atOf(await change.feed(), 'completed');
    await change.skipTo(plusSeconds(completed, 5 * day + minute));
    await change.hears('reviewOverdue', 3);
    expect(timesOf(await change.feed(), 'reviewOverdue')).toEqual(
      [3, 4, 5].map((days) => ['reviewOverdue', plusSeconds(completed, days * day)]),
    );
    const told = (await change.notices()).filter((notice) => notice.startsWith('reviewOverdue'));
    expect(told.filter((notice) => notice === 'reviewOverdue manager')).toHaveLength(2);
    expect(told.filter((notice) => notice === 'reviewOverdue agent')).toHaveLength(3);
    expect(await refusalOf(change, 'close')).toBe('conflict');
    expect(await agendaOf(change)).toEqual([['reviewDue', plusSeconds(completed, 6 * day)]]);
    await change.give('review', { findings: 'The disk was old.' });
    await change.give('close');
    expect(await change.ended()).toBe('COMPLETED');
  });
});
