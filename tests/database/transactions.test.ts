import { openWorld, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

describe('statements that travel together', () => {
  it('fail with the error of the one that failed, however deep each is awaited', async () => {
    const deep = async (answer: Promise<unknown>) => {
      for (let k = 0; k < 5; k += 1) await Promise.resolve();
      return answer;
    };
    const work = world.database.inOrganization(world.organizationId, (tx) =>
      Promise.all([deep(tx.rows('select 1/0')), tx.rows('select 1')]),
    );
    await expect(work).rejects.toThrow('division by zero');
  });

  it('are not committed when nobody waited for the one that failed', async () => {
    const work = world.database.inOrganization(world.organizationId, async (tx) => {
      void tx.rows('select 1/0').catch(() => undefined);
      return Promise.resolve('done');
    });
    await expect(work).rejects.toThrow('nothing was committed');
  });
});
