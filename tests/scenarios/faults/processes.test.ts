import { msToTs } from '@temporalio/common/lib/time';
import { z } from 'zod';
import type { Part } from '../../../scripts/rig/part';
import { eventually } from '../../harness';
import { ownEngine, type OwnEngine } from '../../setup/own-engine';
import { loggedBy, services } from '../../setup/services';
import { decided, inWorld, openedIncident, typesOf } from './record';

/** The SDK tries refused polls again with growing pauses before it gives up. */
const patienceMs = 120_000;

const Readiness = z.object({
  ready: z.boolean(),
  parts: z.record(z.string(), z.object({ ok: z.boolean() })),
});

describe('the processes of a cluster', () => {
  let engine: OwnEngine;
  beforeAll(async () => {
    engine = await ownEngine();
  });
  afterAll(() => engine.close());

  const elsewhere = () => ({ worker: false, temporalAddress: engine.address });

  it('start before the engine: they wait, say so, serve what they can, and all of it when it comes', () =>
    inWorld(elsewhere(), async (world) => {
      const cluster = await services(world);
      try {
        const [worker, api] = await Promise.all([cluster.worker(), cluster.api()]);

        const before = await readiness(cluster.url);
        expect(before.parts).toMatchObject({ database: { ok: true }, temporal: { ok: false } });
        const callers = world.callersAt(cluster.url);
        const [agent, user] = [await callers.as('agent'), await callers.as('user')];
        const { id } = await openedIncident(user);
        const path = `/incidents/${id}/actions/start`;
        await agent.post(path).set('idempotency-key', 'one').expect(202);
        await waitsForTemporal(worker);
        expect([worker.hopeless(), api.hopeless()]).toEqual([undefined, undefined]);

        await engine.start();
        await eventually(
          'ready',
          async () => (await readiness(cluster.url)).ready || undefined,
          30_000,
        );
        expect(await decided(agent, path, {}, 'one')).toMatchObject({ status: 200 });
        expect(await typesOf(world, id)).toEqual(['opened', 'started']);
      } finally {
        await cluster.close();
        await engine.kill();
      }
    }));

  it(
    'a worker that can no longer poll ends its process, and readiness says so',
    () =>
      inWorld(elsewhere(), async (world) => {
        await engine.start();
        const namespace = 'mine';
        await world.engine.connection.workflowService.registerNamespace({
          namespace,
          workflowExecutionRetentionPeriod: msToTs('1 day'),
        });
        const cluster = await services(world, { TEMPORAL_NAMESPACE: namespace });
        try {
          const api = await cluster.api();
          const worker = await cluster.worker();
          await eventually(
            'ready',
            async () => (await readiness(cluster.url)).ready || undefined,
            40_000,
          );
          await engine.kill();
          engine.loseStore();
          await engine.start();
          const how = () => Promise.resolve(worker.hopeless());
          expect(await eventually('its end', how, patienceMs / 2)).toContain('it ended (code 1)');
          expect(await readiness(cluster.url)).toMatchObject({
            ready: false,
            parts: { worker: { ok: false } },
          });
          expect(api.hopeless()).toBeUndefined();
        } finally {
          await cluster.close();
        }
      }),
    patienceMs,
  );
});

/** What the API says of itself; waits until it listens. */
function readiness(url: string) {
  return eventually('an answer', async () => {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    return answer && Readiness.parse(await answer.json());
  });
}

async function waitsForTemporal(worker: Part): Promise<void> {
  await eventually('the word that it waits', () =>
    Promise.resolve(loggedBy(worker).includes('"waitingFor":"Temporal"') || undefined),
  );
}
