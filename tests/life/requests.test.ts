/** A new employee: ten tasks of four teams over three weeks, on the real server in virtual time. */
import { z } from 'zod';
import { beginOfDay, dayOf, endOfDay } from '../../models/fulfilment/days';
import type { PlannedTask } from '../../models/fulfilment/shape';
import { plusDays, toInstant } from '../../models/instant';
import { beginRequest, publishItem, taskOf, tasksOf } from '../catalog';
import { eventually, openWorld, type World } from '../harness';
import { aPlan, automatic, byHand } from '../requests';
import type { LivingTicket } from './living';
import { becomes } from './rounds';

const day = 86_400;
const zone = 'Europe/Berlin';

let world: World;
/** What activities did, in order, each as often as it was done: by its key. */
const done: string[] = [];

beforeAll(async () => {
  world = await openWorld({
    carries: true,
    works: {
      make: (input, { idempotencyKey }) => {
        done.push(idempotencyKey.split('/').slice(1, 2).join());
        return Promise.resolve({ id: `of ${JSON.stringify(input)}` });
      },
    },
  });
});
afterAll(() => world.close());

/** Teams that work at different things; each task names its own. */
function newEmployee(
  teams: Record<'it' | 'facilities' | 'security' | 'hr', string>,
): PlannedTask[] {
  const { it, facilities, security, hr } = teams;
  return [
    automatic('account'),
    automatic('mailbox', { after: ['account'], input: { of: '{results.account.id}' } }),
    byHand('laptop', { teamId: it, dueDays: -5 }),
    byHand('set-up', { teamId: it, after: ['laptop', 'mailbox'], dueDays: -1 }),
    byHand('desk', { teamId: facilities, notBeforeDays: -3, dueDays: -1 }),
    byHand('badge', { teamId: security, dueDays: 0 }),
    byHand('payroll', { teamId: hr, dueDays: 3 }),
    automatic('licences', { after: ['set-up'] }),
    byHand('welcome', { teamId: hr, after: ['desk', 'badge'], notBeforeDays: 0, dueDays: 0 }),
    byHand('talk', { teamId: hr, after: ['welcome'], notBeforeDays: 7, dueDays: 8 }),
  ];
}

async function teamsOf(): Promise<Parameters<typeof newEmployee>[0]> {
  const admin = await world.as('admin');
  const made = async (name: string) => {
    const answer = await admin.post('/teams', { name });
    expect(answer.status).toBe(201);
    return z.object({ id: z.uuid() }).parse(answer.body).id;
  };
  return {
    it: await made('IT'),
    facilities: await made('Facilities'),
    security: await made('Security'),
    hr: await made('People'),
  };
}

describe('a new employee, ordered two weeks before the first day', () => {
  const today = toInstant(Date.now());
  const firstDay = dayOf(plusDays(today, 14), zone);
  let request: LivingTicket;

  const finish = async (key: string) => {
    const task = await taskOf(world, request, key);
    await task.skipTo(request.inSeconds(1));
    expect(await task.give('complete', {})).toMatchObject({ kind: 'applied' });
    await becomesTask(key, 'done');
  };
  const becomesTask = (key: string, state: string) =>
    eventually(`${key} is ${state}`, async () =>
      (await tasksOf(request))[key] === state ? true : undefined,
    );
  const endedKeys = async () =>
    (await request.feed())
      .filter(({ type }) => type === 'taskDone')
      .map(({ data }) => data['task']);

  beforeAll(async () => {
    const teams = await teamsOf();
    const fulfilment = aPlan(newEmployee(teams), { startDay: 'firstDay' });
    const schema = { type: 'object', properties: { firstDay: { type: 'string', format: 'date' } } };
    const form = { schema, hints: { order: [], fields: {} } };
    const item = await publishItem(world, 'New employee', { form, fulfilment });
    request = await beginRequest(world, item, { answers: { firstDay } });
  });

  it('begins what may begin, and says on the agenda what comes on which day', async () => {
    await request.hears('taskDone', 2);
    expect(await tasksOf(request)).toEqual({
      ...{ account: 'done', mailbox: 'done', laptop: 'running', 'set-up': 'waiting' },
      ...{ desk: 'waiting', badge: 'running', payroll: 'running', licences: 'waiting' },
      ...{ welcome: 'waiting', talk: 'waiting' },
    });
    const opens = (await request.row()).agenda.filter(({ key }) => key.startsWith('opens.'));
    expect(opens.map(({ key, at }) => [key, at])).toEqual([
      ['opens.desk', beginOfDay(firstDay, -3, zone)],
    ]);
    const laptop = await taskOf(world, request, 'laptop');
    const due = (await laptop.row()).agenda.find(({ key }) => key === 'overdue');
    expect(due?.at).toBe(endOfDay(firstDay, -5, zone));
  });

  it('goes on as people do their parts, the desk not before its day', async () => {
    await finish('laptop');
    await becomesTask('set-up', 'running');
    await finish('set-up');
    await becomesTask('licences', 'done');
    expect((await tasksOf(request))['desk']).toBe('waiting');
    await request.skip(11 * day);
    await becomesTask('desk', 'running');
  });

  it('waits for the first day with the welcome, and a week with the talk', async () => {
    await finish('desk');
    await finish('badge');
    expect((await tasksOf(request))['welcome']).toBe('waiting');
    await request.skip(4 * day);
    await becomesTask('welcome', 'running');
    await finish('welcome');
    await request.skip(7 * day);
    await becomesTask('talk', 'running');
  });

  it('reminds of what is overdue, and is delivered with the last task', async () => {
    const payroll = await taskOf(world, request, 'payroll');
    await payroll.skipTo(request.inSeconds(1));
    await payroll.hears('overdue', 4);
    await finish('payroll');
    await finish('talk');
    await becomes(request, 'fulfilled');
    expect(await endedKeys()).toHaveLength(10);
    expect(done).toEqual(['task.account', 'task.mailbox', 'task.licences']);
  });
});
