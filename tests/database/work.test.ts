import { MockActivityEnvironment } from '@temporalio/testing';
import { createPerform, type WorkActivity } from '../../activities/tickets/work';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import type { WorkAnswer, WorkRequest } from '../../workflows/life/wire';
import { errandProcess } from '../errands/process';
import { openWorld, type World } from '../harness';
import { openRow } from './row';

describe('one attempt of owed work', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ processes: [errandProcess], worker: false });
  });
  afterAll(() => world.close());

  /** An errand that owes the work `fetch`, and the activity that does it. */
  async function owing(fetch: WorkActivity) {
    const row = await openRow(world, 'errand');
    await row.apply({ name: 'go', via: 'api', input: { fails: 0 } });
    const { organizationId } = world;
    const [work] = (await workOf(row.id)) ?? [];
    const request = {
      organizationId,
      ticketId: row.id,
      type: 'errand',
      key: 'fetch',
      n: work?.n ?? 0,
    };
    const perform = createPerform(world.database, { fetch });
    return {
      id: row.id,
      attempt: () =>
        new MockActivityEnvironment().run<[WorkRequest], WorkAnswer, typeof perform>(
          perform,
          request,
        ),
    };
  }

  async function workOf(id: string) {
    const [row] = await world.rows(`select snapshot -> 'work' as work from tickets where id = $1`, [
      id,
    ]);
    return row?.['work'] as { n: number; attempts: number }[] | undefined;
  }

  it('gives the result, and the same key for every attempt', async () => {
    const keys: string[] = [];
    const { id, attempt } = await owing((_, { idempotencyKey }) => {
      keys.push(idempotencyKey);
      return Promise.resolve('fetched');
    });
    expect(await attempt()).toEqual({ done: true, attempts: 1, result: 'fetched' });
    expect(await attempt()).toEqual({ done: true, attempts: 2, result: 'fetched' });
    expect(new Set(keys)).toEqual(new Set([`${id}/fetch/2`]));
  });

  it('is counted in the row before it is made, and given up after the last one', async () => {
    const { id, attempt } = await owing(() => Promise.reject(new Error('no answer')));
    await expect(attempt()).rejects.toThrow('no answer');
    await expect(attempt()).rejects.toThrow('no answer');
    expect(await attempt()).toEqual({ done: false, attempts: 3, error: 'no answer' });
    expect(await workOf(id)).toMatchObject([{ attempts: 3 }]);
    expect(await attempt()).toEqual({ done: false, attempts: 4, error: 'given up' });
  });

  it('is given up at once when no attempt can cure it', async () => {
    const { id, attempt } = await owing(() => Promise.reject(new HopelessWork('refused')));
    expect(await attempt()).toEqual({ done: false, attempts: 1, error: 'refused' });
    expect(await workOf(id)).toMatchObject([{ attempts: 1 }]);
  });
});
