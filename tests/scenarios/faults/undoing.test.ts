/** A bundle whose automatic task fails for good, while workers die in the middle of undoing it. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginRequest, publishItem, taskOf, tasksOf } from '../../catalog';
import { eventually, openWorld, type World } from '../../harness';
import { becomes } from '../../life/rounds';
import type { LivingTicket } from '../../life/living';
import { aPlan, automatic, byHand } from '../../requests';
import { diaryWorks, readDiary } from '../../setup/diary';
import { startDoomedWorker } from '../../setup/doomed-worker';

const day = 86_400;

const plan = aPlan([
  automatic('account'),
  automatic('mailbox', { after: ['account'] }),
  byHand('desk', { after: ['mailbox'], undo: { title: 'Clear the desk', description: '' } }),
  automatic('phone', { after: ['desk'], notBeforeDays: 14 }),
  automatic('licence', { after: ['phone'], activity: 'fail', attempts: 2 }),
]);

describe('a bundle that cannot be delivered', () => {
  let world: World;
  let diary: string;
  let request: LivingTicket;

  beforeAll(async () => {
    diary = join(await mkdtemp(join(tmpdir(), 'holdfast-undoing-')), 'diary');
    world = await openWorld({ carries: true, works: diaryWorks(diary) });
    const item = await publishItem(world, 'New employee', { fulfilment: plan });
    request = await beginRequest(world, item);
    await request.hears('taskDone', 2);
  });
  afterAll(() => world.close());

  const state = (key: string, wanted: string) =>
    eventually(`${key} is ${wanted}`, async () =>
      (await tasksOf(request))[key] === wanted ? true : undefined,
    );

  it('is undone exactly once, the last first, though the worker dies by kill -9 in between, twice', async () => {
    const desk = await taskOf(world, request, 'desk');
    expect(await desk.give('complete', {})).toMatchObject({ kind: 'applied' });
    await state('desk', 'done');
    await request.rests();
    await world.stopWorker();
    // Dies when the failure is committed, before anybody has heard of it.
    const first = await startDoomedWorker(world, 'workFailed', diary);
    // Whoever moves the clock waits for the life to take it up, which dies of it.
    const moving = Promise.allSettled([request.skip(14 * day)]);
    await first.dead;
    expect(await tasksOf(request)).toMatchObject({ licence: 'failed', phone: 'undoing' });
    // Dies when the first undoing is committed.
    const second = await startDoomedWorker(world, 'workDone', diary);
    await second.dead;
    expect(await tasksOf(request)).toMatchObject({ phone: 'undone', desk: 'undoing' });
    await world.startWorker();
    await clearTheDesk();
    await becomes(request, 'cancelled');
    await state('account', 'undone');
    await moving;
  });

  async function clearTheDesk(): Promise<void> {
    const [row] = await eventually('a task that undoes the desk', async () => {
      const found = await world.rows(
        `select number from tickets where type = 'task' and snapshot #>> '{details,isUndo}' = 'true'`,
      );
      return found.length > 0 ? found : undefined;
    });
    expect(row).toBeDefined();
    const undoing = await taskOf(world, request, 'desk');
    await eventually('the life of the task', () => undoing.rests().catch(() => undefined));
    expect(await undoing.give('complete', {})).toMatchObject({ kind: 'applied' });
  }

  it('leaves each step in the feed once, and each act was done once under its key', async () => {
    const lines = await request.feed();
    const tasksIn = (type: string) =>
      lines.filter((line) => line.type === type).map(({ data }) => data['task']);
    expect(tasksIn('taskDone')).toEqual(['account', 'mailbox', 'desk', 'phone']);
    expect(tasksIn('taskUndone')).toEqual(['phone', 'desk', 'mailbox', 'account']);
    const done = await readDiary(diary);
    const keysOf = (wanted: string) =>
      done.filter(({ name }) => name === wanted).map(({ key }) => key);
    expect(keysOf('make')).toEqual(['task.account', 'task.mailbox', 'task.phone']);
    expect(keysOf('unmake')).toEqual(['undo.phone', 'undo.mailbox', 'undo.account']);
    expect(await request.ended()).toBe('COMPLETED');
    expect(await request.refusals()).toEqual([]);
  });
});
