import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../harness';
import { feedOf, inWorld, lifeOf, openedErrand, recorded, refusalsOf, rowOf } from './record';
import { typesOf } from './record';

describe('a rule that throws', () => {
  it.concurrent('is answered with 500, set aside, and the life goes on', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const { id } = await openedErrand(agent);
      const explode = () =>
        agent.post(`/errands/${id}/actions/explode`).set('idempotency-key', 'one');
      for (let times = 0; times < 2; times += 1) {
        const answer = await explode().expect(500);
        expect(answer.body).toMatchObject({ code: 'rule_failed' });
      }
      expect(await refusalsOf(world, id)).toEqual([['failed', 'explode']]);
      await agent.post(`/errands/${id}/actions/nudge`).expect(200);
      expect(await typesOf(world, id)).toEqual(['opened', 'nudged']);
    }),
  );

  it.concurrent('on the agenda is set aside: it is tried once, what comes next is taken', () => {
    const steps: string[] = [];
    return inWorld(
      {
        around: (activities) => ({
          ...activities,
          step: (request) => {
            steps.push(request.fact.name);
            return activities.step(request);
          },
        }),
      },
      async (world) => {
        const agent = await world.as('agent');
        const { id, number } = await openedErrand(agent);
        const workflowId = world.workflowId(number, 'errand');
        const life = world.engine.client.workflow.getHandle(workflowId);
        await life.signal('bomb', { inSeconds: 0.3 });
        await eventually('what failed', async () =>
          (await refusalsOf(world, id)).length > 0 ? true : undefined,
        );
        expect(await refusalsOf(world, id)).toEqual([['failed', 'bomb']]);
        const quiet = await lifeOf(world, workflowId);
        await pause(1_500);
        expect(await lifeOf(world, workflowId)).toEqual(quiet);
        expect(steps).toEqual(['bomb', 'due']);
        expect((await rowOf(world, id)).snapshot.agenda).toEqual([]);
        await agent.post(`/errands/${id}/actions/nudge`).expect(200);
        await life.signal('go', { fails: 0 });
        await recorded(world, id, { type: 'fetched' });
        const types = (await feedOf(world, id)).map(({ type }) => type);
        expect(types).toEqual(['opened', 'bombPlanned', 'nudged', 'went', 'fetched']);
      },
    );
  });

  it.concurrent('on an overdue entry does not hurt the command that waited behind it', () =>
    inWorld({ worker: false }, async (world) => {
      const agent = await world.as('agent');
      const { id, number } = await openedErrand(agent);
      const life = world.engine.client.workflow.getHandle(world.workflowId(number, 'errand'));
      await life.signal('bomb', { inSeconds: 0 });
      await world.startWorker();
      await recorded(world, id, { type: 'bombPlanned' });
      await agent.post(`/errands/${id}/actions/nudge`).expect(200);
      expect(await refusalsOf(world, id)).toEqual([['failed', 'bomb']]);
      expect(await typesOf(world, id)).toEqual(['opened', 'bombPlanned', 'nudged']);
    }),
  );
});
