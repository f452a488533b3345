import { z } from 'zod';
import { eventually, openWorld, type World } from '../harness';
import type { Caller } from './incident';

const Page = z.object({
  data: z.array(z.object({ id: z.uuid(), name: z.string() })),
  page: z.object({ nextCursor: z.string().nullable() }),
  total: z.int().optional(),
});

const crowd = 5_000;

let world: World;
let admin: Caller;
let neighbour: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
  const other = await world.neighbour();
  neighbour = await other.as('admin');
  for (const [organizationId, domain] of [
    [world.organizationId, 'ours.example'],
    [other.organizationId, 'theirs.example'],
  ])
    await world.rows(
      `insert into users (organization_id, id, email, name, role, title)
       select $1, gen_random_uuid(), 'p' || n || '@' || $2, 'Person ' || lpad(n::text, 5, '0'), 'end_user',
              case when n % 1000 = 7 then 'Lighthouse keeper' else 'Clerk' end
         from generate_series(1, $3::int) n`,
      [organizationId, domain, crowd],
    );
  await world.rows('vacuum analyze users');
});
afterAll(() => world.close());

const list = async (query: string, by = admin) =>
  Page.parse((await by.get(`/users?${query}`)).body);
const names = async (query: string, by = admin) =>
  (await list(query, by)).data.map(({ name }) => name);
const keepers = [7, 1007, 2007, 3007, 4007].map((n) => `Person ${String(n).padStart(5, '0')}`);

describe('a list of very many people', () => {
  // First: what others have read on a connection is counted later.
  it.each([
    ['sort=name', 'users_by_name'],
    ['sort=-email', 'users_by_email'],
    ['sort=-createdAt', 'users_by_age'],
    ['search=clerk', 'users_by_name'],
    ['search=lighthouse', 'users_texts'],
  ])('reads no more rows than it must: %s', async (query, index) => {
    const uses = async () => {
      const [row] = await world.rows(
        `select idx_scan::int as uses, (select seq_tup_read::int from pg_stat_user_tables
                                         where relname = 'users') as walked
           from pg_stat_user_indexes where indexrelname = $1`,
        [index],
      );
      return z.object({ uses: z.int(), walked: z.int() }).parse(row);
    };
    const before = await uses();
    await list(`${query}&limit=50`);
    // A connection tells its counts a second later, and only when it is used.
    const after = await eventually(`a use of ${index}`, async () => {
      await admin.get('/me');
      const now = await uses();
      return now.uses > before.uses ? now : undefined;
    });
    expect(after.walked - before.walked).toBeLessThan(crowd);
  });

  it('finds the few who have something, in any order', async () => {
    expect(await names('search=LIGHTHOUSE')).toEqual(keepers);
    expect(await names('search=lighthouse&sort=-name&limit=2')).toEqual(
      keepers.slice(-2).reverse(),
    );
    expect(await names('search=lighthouse&filter[role]=agent')).toEqual([]);
    expect((await list('search=lighthouse&limit=1&count=true')).total).toBe(keepers.length);
  });

  it('finds what very many have, page after page, nobody twice and nobody left out', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { data, page } = await list(`search=clerk&limit=200${after}`);
      seen.push(...data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([crowd - 5, crowd - 5]);
  });

  it('finds nobody of another organization, few or many', async () => {
    expect(await names('search=theirs')).toEqual([]);
    expect(await names('search=p1007@')).toEqual(['Person 01007']);
    const [ours, theirs] = [await list('search=clerk'), await list('search=clerk', neighbour)];
    const ids = new Set(theirs.data.map(({ id }) => id));
    expect(ours.data.filter(({ id }) => ids.has(id))).toEqual([]);
    expect(await world.rows(`select people_with('%erk%', 9) as id`)).toEqual([]);
  });
});
