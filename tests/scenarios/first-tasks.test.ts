import { openWorld } from '../harness';
import { acted, opened } from '../api/incident';

/** Of ten new queues two or three lost a task, as long as the server made them fair on the way. */
const queues = 10;

/** A task that was lost is handed out again after 5 s. */
const lostMs = 4_000;

describe('the first lives of a new queue', () => {
  it('are taken at once, whichever organization they are of', async () => {
    const waits: number[] = [];
    for (let queue = 0; queue < queues; queue++) waits.push(await firstCommand());
    expect(waits.filter((wait) => wait > lostMs)).toEqual([]);
  });
});

/** Milliseconds that a command on a new life waits behind the first life of another organization. */
async function firstCommand(): Promise<number> {
  const world = await openWorld();
  try {
    const admin = await world.as('admin');
    const agent = await (await world.neighbour()).as('agent');
    await opened(admin);
    const incident = await opened(agent);
    const begun = performance.now();
    await acted(agent, incident, 'start');
    return performance.now() - begun;
  } finally {
    await world.close();
  }
}
