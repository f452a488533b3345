/** What a deploy does to lives that are open, and how what it breaks is found and repaired. */
import { randomUUID } from 'node:crypto';
import { replaceStuck } from '../../engine/replace-stuck';
import { stuckLives } from '../../engine/stuck';
import { toInstant } from '../../models/instant';
import { settleFact } from '../../models/tickets/kernel/settle';
import { eventually, type World } from '../harness';
import { editedLives, incompatible, patched } from '../setup/edited-lives';
import { ownEngine, type OwnEngine } from '../setup/own-engine';
import { runOps } from '../setup/run-ops';
import { decided, inWorld, lifeOf, openedErrand, openedIncident, recorded } from './faults/record';
import { refusalsOf, rowOf, typesOf, type Caller, type Ticket } from './faults/record';

const solved = { code: 'solved', notes: 'Done' };

let engine: OwnEngine;
beforeAll(async () => {
  const threshold = 'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute';
  engine = await ownEngine({ [threshold]: 2 });
  await engine.start();
});
afterAll(() => engine.close());

const elsewhere = () => ({ temporalAddress: engine.address });
const handleOf = (world: World, { number }: Ticket, type = 'incident') =>
  world.engine.client.workflow.getHandle(world.workflowId(number, type));
const give = (caller: Caller, { id }: Ticket, command: string, input: object = {}) =>
  decided(caller, `/incidents/${id}/actions/${command}`, input);

/** Waits for the first task of a life to go through: seconds, when the engine has just come up. */
async function alive(world: World, ...tickets: Ticket[]): Promise<void> {
  for (const ticket of tickets) {
    await eventually(`the first task of ${ticket.number}`, async () => {
      const { events } = await handleOf(world, ticket).fetchHistory();
      return events?.find((event) => event.workflowTaskCompletedEventAttributes);
    });
  }
}

/** Waits until so many lives are stuck; names and causes. */
function stuck(world: World, count: number) {
  return eventually(`${count} stuck lives`, async () => {
    const found = await stuckLives(world);
    return found.length >= count ? found : undefined;
  });
}

/** Stands in for a step whose commit came through while its answer did not. */
async function settledBehindItsLife(world: World, { id }: Ticket): Promise<void> {
  const door = { organizationId: world.organizationId, ticketId: id, type: 'incident' };
  const actor = { kind: 'person', id: world.id('person', 'agent') } as const;
  const fact = { cause: randomUUID(), name: 'cancel', input: { reason: 'Sent twice.' } };
  const told = { via: 'api' as const, occurredAt: toInstant(Date.now()) };
  const by = { ...actor, name: 'agent', role: 'agent' as const };
  await settleFact(world.database, door, { ...fact, ...told, actor: by }, world.kernel);
}

describe('code that cannot replay the histories of open lives', () => {
  it('makes them stick; they are found, replaced, and lose nothing that they were told', () =>
    inWorld(elsewhere(), async (world) => {
      const agent = await world.as('agent');
      const [told, held, over] = [
        await openedIncident(agent),
        await openedIncident(agent),
        await openedIncident(agent),
      ];
      const errand = await openedErrand(agent);
      // A life that never did anything has nothing that a replay could miss.
      await decided(agent, `/errands/${errand.id}/actions/nudge`);
      await give(agent, told, 'start');
      const until = new Date(Date.now() + 5_000).toISOString();
      await give(agent, held, 'hold', { reason: 'scheduled', until });
      expect(await stuckLives(world)).toEqual([]);
      await alive(world, told, held, over);
      await world.stopWorker();
      await settledBehindItsLife(world, over);
      await world.startWorker({ bundlePath: await editedLives(incompatible) });

      const resolved = give(agent, told, 'resolve', solved);
      await handleOf(world, errand, 'errand').signal('go', { fails: 0 });
      await handleOf(world, over).signal('look', {});
      const found = await stuck(world, 4);
      expect(found.map(({ name }) => name)).toEqual(
        [
          world.workflowId(errand.number, 'errand'),
          ...[told, held, over].map(({ number }) => world.workflowId(number)),
        ].sort(),
      );
      expect(found.map(({ cause }) => cause)).toEqual(
        Array<unknown>(4).fill(expect.stringContaining('TMPRL1100')),
      );
      const listed = await runOps(world, 'stuck');
      expect(listed.code).toBe(1);
      expect(listed.said).toMatch(/Stuck: 4\..*TMPRL1100/s);
      for (const { name, since } of found) {
        expect(listed.said).toMatch(new RegExp(`${name} +${since ?? 'never'}`));
      }
      expect(await typesOf(world, told.id)).toEqual(['opened', 'started']);
      expect(await typesOf(world, held.id)).toEqual(['opened', 'held']);

      expect(await replaceStuck(world)).toEqual({ replaced: 3, ended: 1, failed: [] });
      expect(await resolved).toMatchObject({ status: 200 });
      await recorded(world, errand.id, { type: 'fetched' });
      const feed = await recorded(world, held.id, { type: 'resumed' });
      expect(feed.at(-1)?.at.toISOString()).toBe(until);
      expect(await stuckLives(world)).toEqual([]);

      expect(await give(agent, told, 'close')).toMatchObject({ status: 200 });
      expect(await typesOf(world, told.id)).toEqual(['opened', 'started', 'resolved', 'closed']);
      expect(await typesOf(world, held.id)).toEqual(['opened', 'held', 'resumed']);
      expect(await typesOf(world, over.id)).toEqual(['opened', 'cancelled']);
      expect(await typesOf(world, errand.id)).toEqual(['opened', 'nudged', 'went', 'fetched']);
      for (const { id } of [told, held, over, errand]) {
        expect(await refusalsOf(world, id)).toEqual([]);
      }
      const lives = await Promise.all([told, held, over].map(({ id }) => rowOf(world, id)));
      expect(lives.map(({ life }) => life)).toEqual([2, 2, 1]);
      const ends = await Promise.all(
        [told, held, over].map(({ number }) => lifeOf(world, world.workflowId(number))),
      );
      expect(ends.map(({ status }) => status)).toEqual(['COMPLETED', 'RUNNING', 'TERMINATED']);
    }));
});

describe('a change of lives behind patched(), and its rollback', () => {
  it('breaks no life on the way forward, and on the way back those that met it', () =>
    inWorld(elsewhere(), async (world) => {
      const agent = await world.as('agent');
      const release = { bundlePath: await editedLives(patched) };
      const [met, spared] = [await openedIncident(agent), await openedIncident(agent)];
      await give(agent, met, 'acknowledge');
      await give(agent, spared, 'acknowledge');
      await alive(world, met, spared);
      await world.stopWorker();
      await world.startWorker(release);
      expect(await give(agent, met, 'start')).toMatchObject({ status: 200 });
      expect((await handleOf(world, met).describe()).memo).toMatchObject({ noted: 'start' });
      const born = await openedIncident(agent);
      expect(await stuckLives(world)).toEqual([]);

      await world.stopWorker();
      await world.startWorker();
      for (const ticket of [spared, born]) {
        expect(await give(agent, ticket, 'start')).toMatchObject({ status: 200 });
      }
      expect(await stuckLives(world)).toEqual([]);
      const resolved = give(agent, met, 'resolve', solved);
      const [only, ...others] = await stuck(world, 1);
      expect(only).toMatchObject({ name: world.workflowId(met.number) });
      expect(only?.cause).toContain('patch marker');
      expect(others).toEqual([]);
      const repaired = await runOps(world, 'resume', '--stuck');
      expect(repaired).toMatchObject({ code: 0 });
      expect(repaired.said).toContain('Stuck lives: replaced 1, ended 0, failed 0.');
      expect(await resolved).toMatchObject({ status: 200 });
      expect(await typesOf(world, met.id)).toEqual([
        ...['opened', 'acknowledged', 'started', 'resolved'],
      ]);
      expect((await rowOf(world, met.id)).life).toBe(2);

      await world.stopWorker();
      await world.startWorker(release);
      expect(await give(agent, met, 'reopen', { reason: 'It is back.' })).toMatchObject({
        status: 200,
      });
      expect(await give(agent, spared, 'resolve', solved)).toMatchObject({ status: 200 });
      expect(await stuckLives(world)).toEqual([]);
    }));
});
