/** Counts of many lists at once: one that is slow costs the others nothing but time. */
import { countAll } from '../../api/views/count';
import type { TicketList } from '../../api/tickets/list';
import { asked as listing } from '../conditions';
import { openWorld, secret, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const listFrom = (from: string): TicketList => ({
  listing,
  isFor: () => true,
  seenBy: () => ({ select: '', from, where: '$1::uuid is not null' }),
  present: () => {
    throw new Error('Nobody reads it');
  },
});
const query = { limit: 1, sort: [], count: false };
const one = (id: string, from: string) => ({ id, list: listFrom(from), query });
const patience = { togetherMs: 300, eachMs: 200, altogetherMs: 2_000 };

async function count(asked: readonly ReturnType<typeof one>[], given = patience) {
  const { organizationId } = world;
  const actor = {
    ...{ id: organizationId, organizationId, organizationSlug: world.slug, name: 'x' },
    ...{ email: 'x@x.example', role: 'agent' as const, sessionId: null, duties: [] },
    hasFreshFactor: false,
  };
  return world.database.inOrganization(organizationId, async (tx) => {
    const counts = await countAll(tx, asked, { actor, secret }, given);
    // The transaction goes on.
    await tx.rows('select 1');
    return Object.fromEntries(counts);
  });
}

it('gives each its own, up to the bound and one', async () => {
  const asked = [one('few', 'generate_series(1, 7) n'), one('many', 'generate_series(1, 9999) n')];
  expect(await count(asked)).toEqual({ few: 7, many: 1_001 });
});

it('gives nothing for one that is slow, and the others what they have', async () => {
  const slow = '(select pg_sleep(5)) n';
  const asked = [one('slow', slow), one('few', 'generate_series(1, 7) n'), one('worse', slow)];
  expect(await count(asked)).toEqual({ slow: null, few: 7, worse: null });
});

it('gives up when all together are slow', async () => {
  const asked = Array.from({ length: 20 }, (_, n) => one(String(n), '(select pg_sleep(5)) n'));
  const since = performance.now();
  const counts = await count(asked, { ...patience, altogetherMs: 500 });
  expect(Object.values(counts)).toEqual(asked.map(() => null));
  expect(performance.now() - since).toBeLessThan(3_000);
});

it('says what is wrong when it is not the time', async () => {
  await expect(count([one('wrong', 'no_such_table')])).rejects.toThrow('no_such_table');
});
