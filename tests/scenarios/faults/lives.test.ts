import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { watch } from '../../../engine/watchdog';
import { anyFreePort } from '../../../scripts/stack/ports';
import type { Outcome } from '../../../models/tickets/fact';
import type { Command } from '../../../workflows/life/wire';
import { eventually, type World } from '../../harness';
import { startByHand } from '../../life/by-hand';
import { decided, feedOf, inWorld, lifeOf, openedErrand, openedIncident, recorded } from './record';
import { promise, rowOf, typesOf, type Caller, type Ticket } from './record';

describe('a ticket and its lives', () => {
  it.concurrent('that was never begun begins with the first command', () =>
    inWorld({}, async (world) => {
      const away = await world.anotherFront(await nowhere());
      const { id } = await openedErrand(await away.as('agent'));
      expect(await world.rows('select kind from engine_outbox')).toEqual([{ kind: 'start' }]);
      const agent = await world.as('agent');
      await agent.post(`/errands/${id}/actions/nudge`).expect(200);
      expect(await typesOf(world, id)).toEqual(['opened', 'nudged']);
      await away.close();
    }),
  );

  it.concurrent(
    'that was ended by hand is repaired by the watchdog; what is due happens once',
    () =>
      inWorld({ worker: false }, async (world) => {
        await promise(world, { response: 2, resolution: 600 });
        const ticket = await openedIncident(await world.as('user'));
        const workflowId = world.workflowId(ticket.number);
        await handleOf(world, workflowId).terminate('by hand');
        const { snapshot } = await rowOf(world, ticket.id);
        const dueAt = snapshot.agenda.find(({ key }) => key === 'sla.response.100')?.at ?? '';
        await world.startWorker();
        await pause(Date.parse(dueAt) + 100 - Date.now());
        expect(await typesOf(world, ticket.id)).toEqual(['opened']);
        const repaired = await Promise.all([watch(world, 0), watch(world, 0)]);
        expect(Math.max(...repaired)).toBe(1);
        const feed = await recorded(world, ticket.id, { type: 'slaBreached' });
        expect(feed.map(({ type }) => type).slice(0, 3)).toEqual([
          'opened',
          'slaWarned',
          'slaBreached',
        ]);
        expect(feed[2]?.at.toISOString()).toBe(dueAt);
        expect(await lifeOf(world, workflowId)).toMatchObject({ status: 'RUNNING' });
      }),
  );

  it.concurrent('two of them change it once for each fact; the older is told so and ends', () =>
    inWorld({}, async (world) => {
      const [agent, user] = [await world.as('agent'), await world.as('user')];
      const ticket = await openedIncident(user);
      const { id } = ticket;
      const until = await held(agent, ticket, 3_000);
      const twin = await startByHand(world, id, 'twin');
      const sent: Command = await aCommand(world, ticket, 'acknowledge');
      const update = { updateId: sent.cause, args: [sent] as [Command] };
      const lives = [twin, handleOf(world, world.workflowId(ticket.number))];
      const outcomes = await Promise.all(
        lives.map((life) => life.executeUpdate<Outcome, [Command]>('command', update)),
      );
      expect(outcomes[0]).toMatchObject({ kind: 'applied' });
      expect(outcomes[1]).toEqual(outcomes[0]);
      const feed = await recorded(world, id, { type: 'resumed' });
      await pause(500);
      const types = await typesOf(world, id);
      expect(types.sort()).toEqual(['acknowledged', 'held', 'opened', 'resumed']);
      const resumed = feed.find(({ type }) => type === 'resumed');
      expect(resumed?.at.toISOString()).toBe(until);

      await world.rows('update tickets set life = 2 where id = $1', [id]);
      for (const life of lives) await life.signal('look', {});
      await Promise.all(lives.map((life) => ended(life)));
      expect(await decided(agent, `/incidents/${id}/actions/start`)).toMatchObject({ status: 200 });
      expect((await typesOf(world, id)).slice(4)).toEqual(['started']);
    }),
  );

  it.concurrent('a superseded life answers no command: the newer one does, once', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const { id } = await openedErrand(agent);
      await agent.post(`/errands/${id}/actions/nudge`).expect(200);
      await world.rows('update tickets set life = 2 where id = $1', [id]);
      expect(await decided(agent, `/errands/${id}/actions/nudge`)).toMatchObject({ status: 200 });
      expect(await typesOf(world, id)).toEqual(['opened', 'nudged', 'nudged']);
      expect(await rowOf(world, id)).toMatchObject({ life: 2 });
    }),
  );
});

describe('a life that continues as new all the time', () => {
  it('takes every command and every signal of a burst once', () =>
    inWorld({}, async (world) => {
      const away = await world.anotherFront(await nowhere());
      const ticket = await openedErrand(await away.as('agent'));
      await away.close();
      const agent = await world.as('agent');
      const first = await startByHand(world, ticket.id, world.workflowId(ticket.number, 'errand'));
      const life = handleOf(world, first.workflowId);
      const causes = Array.from({ length: 30 }, () => randomUUID());
      await owe(world, ticket, causes);
      const nudges = Array.from({ length: 30 }, () =>
        decided(agent, `/errands/${ticket.id}/actions/nudge`),
      );
      for (const cause of [...causes, ...causes]) {
        await life.signal('fact', { cause, ticketId: ticket.id, name: 'bomb' });
        await pause(20);
      }
      for (const nudge of nudges) expect(await nudge).toMatchObject({ status: 200 });
      await life.signal('bomb', { inSeconds: 7_200 });
      await recorded(world, ticket.id, { type: 'bombPlanned', times: 31 });
      const feed = await feedOf(world, ticket.id);
      expect(feed.filter(({ type }) => type === 'nudged')).toHaveLength(30);
      const planned = feed.filter(({ type }) => type === 'bombPlanned').map(({ cause }) => cause);
      expect(planned).toEqual(expect.arrayContaining(causes));
      expect(planned).toHaveLength(31);
      expect(await runsOf(world, life.workflowId)).toBeGreaterThan(3);
      expect(await lifeOf(world, life.workflowId)).toMatchObject({ status: 'RUNNING' });
    }));

  /** Facts that the outbox vouches for; the test sends them itself. */
  async function owe(world: World, { id }: Ticket, causes: readonly string[]): Promise<void> {
    await world.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name, payload, next_at)
       select $1, $2, unnest($3::text[]), 'signal', 'fact',
              '{"name": "bomb", "input": {"inSeconds": 3600}}'::jsonb, now() + interval '1 hour'`,
      [world.organizationId, id, causes],
    );
  }
});

/** The address of an engine that is not there. */
async function nowhere() {
  return { temporalAddress: `127.0.0.1:${await anyFreePort()}` };
}

function handleOf(world: World, workflowId: string) {
  return world.engine.client.workflow.getHandle(workflowId);
}

/** On hold for so long; gives the instant at which the hold ends. */
async function held(caller: Caller, { id }: Ticket, milliseconds: number): Promise<string> {
  const until = new Date(Date.now() + milliseconds).toISOString();
  const hold = { reason: 'scheduled', until };
  const { status } = await decided(caller, `/incidents/${id}/actions/hold`, hold);
  expect(status).toBe(200);
  return until;
}

async function aCommand(world: World, { id }: Ticket, name: string): Promise<Command> {
  const actor = { kind: 'person', name: 'agent', role: 'agent' } as const;
  return Promise.resolve({
    ticketId: id,
    cause: randomUUID(),
    name,
    input: {},
    actor: { ...actor, id: world.id('person', 'agent') },
    receivedAt: new Date().toISOString(),
  });
}

async function ended(life: ReturnType<typeof handleOf>): Promise<void> {
  await eventually(`the end of ${life.workflowId}`, async () => {
    const { status } = await life.describe();
    return status.name === 'COMPLETED' ? true : undefined;
  });
}

/** How many runs a life has had; visibility follows with a delay. */
async function runsOf(world: World, workflowId: string): Promise<number> {
  let count = 0;
  for await (const run of world.engine.client.workflow.list({
    query: `WorkflowId = '${workflowId}'`,
  })) {
    if (run.runId) count += 1;
  }
  return count;
}
