import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { World } from '../../harness';
import { ownDatabase, type OwnDatabase } from '../../setup/own-database';
import { decided, feedOf, inWorld, openedErrand, type Caller } from './record';

const Problem = z.looseObject({ code: z.string() });
const inTheWay = 10;

// Sequelize writes to the console, too, what it throws.
beforeAll(() => jest.spyOn(console, 'warn').mockImplementation(() => undefined));

describe('a database', () => {
  it('that ends connections in the middle of everything: each fact stands once, no rule is blamed', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const work = underLoad(world, agent, 4);
      for (let times = 0; times < 10; times += 1) {
        await pause(60);
        await endConnections(world);
      }
      await expectWhole(world, await work);
      await poolIsWide(world);
    }));

  it('that only reads is an outage; when it writes again, the pool keeps no connection that cannot', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const ticket = await openedErrand(agent);
      const path = `/errands/${ticket.id}`;
      await onlyReads(world, true);
      const answers = await Promise.all(
        Array.from({ length: inTheWay }, (_, k) =>
          agent.post(`${path}/comments`, { body: `While it only reads ${k}` }),
        ),
      );
      for (const { status, body } of answers) {
        expect([status, Problem.parse(body).code]).toEqual([503, 'unavailable']);
      }
      const asked = decided(agent, `${path}/actions/nudge`);
      await pause(500);
      await onlyReads(world, false);
      const comment = (body: string) => decided(agent, `${path}/comments`, { body });
      const places = Array.from({ length: inTheWay }, (_, k) => k);
      // A connection tells that it only reads when it is asked to write: that request is repeated.
      await Promise.all(places.map((k) => comment(`In its place ${k}`)));
      const later = await Promise.all(
        places.map((k) => agent.post(`${path}/comments`, { body: `At once ${k}` })),
      );
      expect(later.map(({ status }) => status)).toEqual(later.map(() => 201));
      expect(await asked).toMatchObject({ status: 200 });
      expect((await feedOf(world, ticket.id)).map(({ type }) => type).sort()).toEqual([
        ...[...places, ...later].map(() => 'commented'),
        'nudged',
        'opened',
      ]);
    }));

  describe('of its own', () => {
    let postgres: OwnDatabase;
    beforeAll(async () => {
      postgres = await ownDatabase();
    });
    afterAll(() => postgres.close());

    it.each(['in order', 'after SIGKILL'] as const)(
      'that is restarted %s under load: what was answered stands, what was not is done by the same key',
      (how) =>
        inWorld({ postgres }, async (world) => {
          const agent = await world.as('agent');
          const work = underLoad(world, agent, 4);
          await pause(500);
          await postgres.restart(how);
          await expectWhole(world, await work);
          await poolIsWide(world);
        }),
    );
  });
});

interface Done {
  readonly id: string;
  readonly comments: number;
  readonly nudges: number;
}

/** Errands, each opened, nudged and commented in turn; every request is repeated by its key until it is answered. */
function underLoad(world: World, agent: Caller, tickets: number): Promise<Done[]> {
  return Promise.all(
    Array.from({ length: tickets }, async (_, k) => {
      const given = { title: `Fetch ${k}`, description: 'Something' };
      const opened = await answered(agent, '/errands', given);
      const { id } = z.object({ id: z.uuid() }).parse(opened.body);
      let count = 0;
      for (; count < 3; count += 1) {
        await answered(agent, `/errands/${id}/actions/nudge`, {});
        await answered(agent, `/errands/${id}/comments`, { body: `Comment ${count}` });
      }
      return { id, comments: count, nudges: count };
    }),
  );
}

async function answered(agent: Caller, path: string, input: object) {
  const answer = await decided(agent, path, input);
  expect([path, answer.status, answer.body]).toEqual([
    path,
    path.endsWith('nudge') ? 200 : 201,
    expect.anything(),
  ]);
  return answer;
}

/** Every fact once, in a feed without a gap, and nothing set aside as the fault of a rule. */
async function expectWhole(world: World, all: readonly Done[]): Promise<void> {
  for (const { id, comments, nudges } of all) {
    const types = (await feedOf(world, id)).map(({ type }) => type).sort();
    const wanted = ['commented', 'nudged'].flatMap((type, k) =>
      Array<string>(k ? nudges : comments).fill(type),
    );
    expect(types).toEqual([...wanted, 'opened']);
  }
  const blamed = await world.rows('select name, code, message from ticket_refusals');
  expect(blamed).toEqual([]);
}

/** As many transactions as the pool has places run at once: none is held by what is dead. */
async function poolIsWide(world: World): Promise<void> {
  const began = performance.now();
  const sleeps = Array.from({ length: inTheWay }, () =>
    world.database.inOrganization(world.organizationId, (tx) => tx.rows('select pg_sleep(0.5)')),
  );
  await Promise.all(sleeps);
  expect(performance.now() - began).toBeLessThan(2_500);
}

async function endConnections(world: World): Promise<void> {
  await world.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = 'holdfast_app'`,
  );
}

/** For connections to come; those that are there are ended when it begins, and stay when it is over. */
async function onlyReads(world: World, isOn: boolean): Promise<void> {
  const [row] = await world.rows('select current_database() as name');
  const name = z.string().parse(row?.['name']);
  const mode = isOn ? 'on' : 'off';
  await world.rows(
    `alter role holdfast_app in database ${name} set default_transaction_read_only = ${mode}`,
  );
  if (isOn) await endConnections(world);
}
