/** New rules and a new version of a definition, while lives of the earlier one are open. */
import { z } from 'zod';
import { next } from '../../models/tickets/next';
import type { Process } from '../../models/tickets/rules';
import { errandProcess } from '../errands/process';
import { eventually, type World } from '../harness';
import { feedOf, inWorld, lifeOf, openedErrand, recorded, refusalsOf } from './faults/record';
import { typesOf, type Caller, type Ticket } from './faults/record';

const { declaration, rules, details } = errandProcess;

const patience = {
  attempts: 100,
  firstDelaySeconds: 0.1,
  longestDelaySeconds: 0.5,
  attemptSeconds: 5,
};

/** Its work is tried until the next release is there. */
const first: Process = {
  ...errandProcess,
  rules: {
    ...rules,
    signals: {
      ...rules.signals,
      go: (ticket, { occurredAt }) =>
        next(ticket)
          .state('running')
          .work({ key: 'fetch', activity: 'fetch', input: null, patience }, occurredAt)
          .event('went'),
    },
  },
};

/** Counts how often it was nudged, and calls the end of its work by another name. */
const second: Process = {
  ...first,
  declaration: { ...declaration, version: 2 },
  details: details.extend({ nudges: z.int() }),
  upcast: (earlier) => ({ ...earlier, nudges: 0 }),
  rules: {
    ...first.rules,
    commands: {
      ...rules.commands,
      nudge: (ticket) => next(ticket).details({ nudges: Number(ticket.details['nudges']) + 1 }),
    },
    results: {
      fetch: {
        done: (ticket) => next(ticket).state('done').event('brought'),
        failed: (ticket) => next(ticket).state('failed').event('fetchFailed'),
      },
    },
  },
};

const Row = z.object({ definition: z.int(), details: z.looseObject({}) });

async function rowOf(world: World, { id }: Ticket) {
  const [row] = await world.rows(
    `select definition_version as definition, snapshot -> 'details' as details from tickets where id = $1`,
    [id],
  );
  return Row.parse(row);
}

const nudge = (caller: Caller, { id }: Ticket) =>
  caller.post(`/errands/${id}/actions/nudge`).expect(200);

describe('a release with changed rules and a second version of a definition', () => {
  it('takes open lives along, each with its next fact; the release before goes on with them', () => {
    const release: { fetches: 'fail' | 'succeed' } = { fetches: 'fail' };
    const fetch = () =>
      release.fetches === 'fail'
        ? Promise.reject(new Error('not yet'))
        : Promise.resolve('fetched');
    const options = { processes: [first], works: { fetch } };
    return inWorld(options, async (world) => {
      const before = await world.as('agent');
      const [nudged, working] = [await openedErrand(before), await openedErrand(before)];
      await nudge(before, nudged);
      await world.engine.client.workflow
        .getHandle(world.workflowId(working.number, 'errand'))
        .signal('go', { fails: 0 });
      await recorded(world, working.id, { type: 'went' });
      await world.stopWorker();
      release.fetches = 'succeed';
      await world.startWorker({ processes: [second] });
      const front = await world.anotherFront({ processes: [second] });
      const after = await front.as('agent');
      const seen = await after.get(`/errands/${nudged.id}`).expect(200);
      expect(seen.body).toMatchObject({ nudges: 0, version: 2 });
      expect(await rowOf(world, nudged)).toMatchObject({ definition: 1 });

      await nudge(after, nudged);
      await nudge(after, nudged);
      expect(await rowOf(world, nudged)).toMatchObject({ definition: 2, details: { nudges: 2 } });
      await recorded(world, working.id, { type: 'brought' });
      const feeds = await Promise.all([nudged, working].map(({ id }) => typesOf(world, id)));
      expect(feeds).toEqual([
        ['opened', 'nudged', 'nudged', 'definitionMoved', 'nudged'],
        ['opened', 'went', 'brought', 'definitionMoved'],
      ]);
      const moved = (await feedOf(world, nudged.id))[3];
      expect(moved?.cause).toMatch(/#1$/);

      await world.stopWorker();
      await world.startWorker();
      await nudge(before, nudged);
      expect(await rowOf(world, nudged)).toMatchObject({ definition: 2, details: { nudges: 2 } });
      await front.close();
      for (const { id } of [nudged, working]) expect(await refusalsOf(world, id)).toEqual([]);
      await eventually('both lives as they should be', async () => {
        const lives = [nudged, working].map(({ number }) =>
          lifeOf(world, world.workflowId(number, 'errand')),
        );
        const [one, other] = await Promise.all(lives);
        return one?.status === 'RUNNING' && other?.status === 'COMPLETED' ? true : undefined;
      });
    });
  });

  it('whose rule wants to read something and cannot even say what, fails only that fact', () =>
    inWorld({ processes: [clumsy] }, async (world) => {
      const agent = await world.as('agent');
      const errand = await openedErrand(agent);
      await agent.post(`/errands/${errand.id}/actions/explode`).expect(500);
      await nudge(agent, errand);
      expect(await refusalsOf(world, errand.id)).toEqual([['failed', 'explode']]);
    }));
});

const clumsy: Process = {
  ...errandProcess,
  rules: {
    ...rules,
    needs: (_, fact) => {
      if (fact.name === 'explode') throw new TypeError('needs with a bug');
      return [];
    },
  },
};
