import { sweepOutbox } from '../../../engine/outbox';
import { anyFreePort } from '../../../scripts/stack/ports';
import { eventually, type World } from '../../harness';
import { inWorld, openedErrand, recorded, refusalsOf, rowOf, typesOf, type Ticket } from './record';

describe('what a committed row owes the engine', () => {
  it.concurrent('a message that changes nothing has arrived, and is not sent again', () => {
    const released = deferred();
    return inWorld({ works: { fetch: () => released.promise } }, async (world) => {
      const { pass, to } = await couple(world);
      await pass();
      await recorded(world, to.id, { type: 'went' });
      await pass();
      await sweptClean(world).finally(() => {
        released.resolve('fetched');
      });
      expect(await refusalsOf(world, to.id)).toEqual([]);
      await recorded(world, to.id, { type: 'fetched' });
      expect(await typesOf(world, to.id)).toEqual(['opened', 'went', 'fetched']);
    });
  });

  it.concurrent(
    'a message to a ticket whose life is over is refused once, and not sent again',
    () =>
      inWorld({}, async (world) => {
        const { pass, to } = await couple(world);
        await pass();
        await sweptClean(world);
        await recorded(world, to.id, { type: 'fetched' });
        expect(await rowOf(world, to.id)).toMatchObject({ isSettled: true });
        await pass();
        await sweptClean(world);
        expect(await refusalsOf(world, to.id)).toEqual([['refused', 'go']]);
        expect(await typesOf(world, to.id)).toEqual(['opened', 'went', 'fetched']);
      }),
  );

  it.concurrent(
    'a message that the engine never takes holds up no other of the same ticket',
    () => {
      const released = deferred();
      return inWorld({ works: { fetch: () => released.promise } }, async (world) => {
        const { pass, to } = await couple(world);
        await world.rows(
          `insert into engine_outbox (organization_id, ticket_id, id, kind, name, payload)
         values ($1, $2, 'too large', 'signal', 'fact', jsonb_build_object('input', repeat('x', 3000000)))`,
          [world.organizationId, to.id],
        );
        await pass();
        await recorded(world, to.id, { type: 'went' });
        await dueAgain(world, 100);
        await sweepOutbox(world).finally(() => {
          released.resolve('fetched');
        });
        expect(await asideOf(world)).toEqual([true]);
        await recorded(world, to.id, { type: 'fetched' });
        expect(await typesOf(world, to.id)).toEqual(['opened', 'went', 'fetched']);
      });
    },
  );

  it.concurrent(
    'is sent for as long as the engine is away, and set aside only for what stays wrong',
    () =>
      inWorld({ worker: false }, async (world) => {
        const temporalAddress = `127.0.0.1:${await anyFreePort()}`;
        const away = await world.anotherFront({ temporalAddress });
        const ticket = await openedErrand(await away.as('agent'));
        await dueAgain(world, 100);
        await sweepOutbox({ ...away, log: world.log });
        expect(await asideOf(world)).toEqual([false]);

        const stranger = await world.engine.client.workflow.start('errand', {
          workflowId: world.workflowId(ticket.number, 'errand'),
          taskQueue: 'of somebody else',
          memo: { ticketId: 'another' },
        });
        await dueAgain(world, 100);
        await sweepOutbox(world);
        expect(await asideOf(world)).toEqual([true]);
        await stranger.terminate();
        await away.close();
      }),
  );
});

/** Two errands, of which the first can tell the second to go. */
async function couple(world: World): Promise<{ pass: () => Promise<unknown>; to: Ticket }> {
  const agent = await world.as('agent');
  const [from, to] = [await openedErrand(agent), await openedErrand(agent)];
  const pass = async () => {
    await agent.post(`/errands/${from.id}/actions/pass`, { to: to.id }).expect(200);
    await dueAgain(world);
    await sweepOutbox(world);
  };
  return { pass, to };
}

/** Everything waits no longer, whatever its pause or lease. */
async function dueAgain(world: World, attempts = 0): Promise<void> {
  await world.rows('update engine_outbox set next_at = now(), lease_until = null, attempts = $1', [
    attempts,
  ]);
}

async function asideOf(world: World): Promise<unknown[]> {
  const rows = await world.rows('select set_aside_at is not null as aside from engine_outbox');
  return rows.map(({ aside }) => aside);
}

/** Sweeps until nothing is owed. */
async function sweptClean(world: World): Promise<void> {
  const sweep = async () => {
    await dueAgain(world);
    await sweepOutbox(world);
    return (await asideOf(world)).length === 0 ? true : undefined;
  };
  await eventually('an empty outbox', sweep, 10_000);
}

/** A promise that somebody else keeps. */
function deferred() {
  let resolve: (value: string) => void = () => undefined;
  const promise = new Promise<string>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
