import { eventually, type World } from '../../harness';
import {
  messagesAtRenewal,
  runsOf,
  sendMessages,
  shortenRuns,
} from '../../../scripts/soak/stories/messages';
import { decided, feedOf, inWorld, lifeOf, openedErrand, recorded, type Caller } from './record';
import type { Ticket } from './record';

describe('messages to one life', () => {
  it('that come in the very task that ends a run are taken by the next, each once', () =>
    inWorld({}, async (world) => {
      const ticket = await openedErrand(await world.as('agent'));
      const { causes } = await messagesAtRenewal(world, ticket.id, 1);
      await expectTaken(world, ticket, causes);
      // The message that was met held up the end of its run until now.
      await eventually('the next run', async () =>
        (await runsOf(world, ticket.id)).length > 1 ? true : undefined,
      );
      expect(await lifeOf(world, idOf(world, ticket))).toMatchObject({ status: 'RUNNING' });
    }));

  it('of which there are hundreds slow no other ticket, and no history grows with them', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const [noisy, ...others] = await Promise.all(
        Array.from({ length: 5 }, () => openedErrand(agent)),
      );
      if (!noisy) throw new Error('No ticket was opened');
      const limits = { quiet: 100, forced: 200 };
      await shortenRuns(world, noisy.id, limits);
      const calm = await latencies(agent, others);
      const flood = sendMessages(world, noisy.id, 200);
      const meanwhile = await latencies(agent, others);
      await expectTaken(world, noisy, await flood);
      // Generous: two of them may share a machine with others. A ticket that waited for the flood would take seconds.
      expect(median(meanwhile)).toBeLessThan(median(calm) * 10 + 500);
      const runs = await runsOf(world, noisy.id);
      expect(runs.length).toBeGreaterThan(1);
      // What comes while a run ends is still written into it.
      for (const { events } of runs) expect(events).toBeLessThan(limits.forced + 400);
    }));

  it('are taken in short tasks, however many come at once', () =>
    inWorld({}, async (world) => {
      const ticket = await openedErrand(await world.as('agent'));
      const begun = performance.now();
      await expectTaken(world, ticket, await sendMessages(world, ticket.id, 600));
      // 6 s alone; with tasks that last longer than the engine waits, three times that and more.
      expect(performance.now() - begun).toBeLessThan(40_000);
      const runs = await runsOf(world, ticket.id);
      const tasks = runs.reduce((sum, run) => sum + run.tasks, 0);
      expect(tasks).toBeGreaterThan(600 / 60);
    }));
});

function idOf(world: World, { number }: Ticket): string {
  return world.workflowId(number, 'errand');
}

/** Every message stands in the feed once. */
async function expectTaken(world: World, { id }: Ticket, causes: readonly string[]) {
  await recorded(world, id, { type: 'commented', times: causes.length, withinMs: 50_000 });
  const feed = await feedOf(world, id);
  const taken = feed.filter(({ type }) => type === 'commented').map(({ cause }) => cause);
  expect(taken.sort()).toEqual([...causes].sort());
}

/** Milliseconds of commands to each ticket in turn, three times. */
async function latencies(agent: Caller, tickets: readonly Ticket[]): Promise<number[]> {
  const taken: number[] = [];
  for (const { id } of [...tickets, ...tickets, ...tickets]) {
    const began = performance.now();
    const { status } = await decided(agent, `/errands/${id}/actions/nudge`);
    expect(status).toBe(200);
    taken.push(performance.now() - began);
  }
  return taken;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
