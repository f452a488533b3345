import type { Response } from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import type { Caller } from './incident';

const Page = z.object({
  data: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  page: z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() }),
  total: z.number().optional(),
  totalIsExact: z.boolean().optional(),
});

let world: World;
let callers: Record<'agent' | 'user' | 'foreigner', Caller>;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  callers = {
    agent: await world.as('agent'),
    user: await world.as('user'),
    foreigner: await (await world.neighbour()).as('agent'),
  };
  const [own, agent] = [world.organizationId, world.id('person', 'agent')];
  await world.rows(
    `insert into teams (organization_id, id, name, lead_id)
     select $1, gen_random_uuid(), 'Team ' || lpad(n::text, 2, '0'),
            case when n % 3 = 0 then $2::uuid end
       from generate_series(1, 10) n`,
    [own, agent],
  );
  await world.rows(
    `insert into team_members (organization_id, team_id, user_id)
     select organization_id, id, $2 from teams where organization_id = $1 and name = 'Team 01'`,
    [own, agent],
  );
  await world.rows(
    `insert into categories (organization_id, id, name, parent_id)
     values ($1, gen_random_uuid(), 'Laptop', $2)`,
    [own, world.id('category', 'Hardware')],
  );
});
afterAll(() => world.close());

const get = (path: string, who: keyof typeof callers = 'agent') => callers[who].get(path);
const list = async (path: string, who?: keyof typeof callers) =>
  Page.parse((await get(path, who)).body);
const names = async (path: string, who?: keyof typeof callers) =>
  (await list(path, who)).data.map(({ name }) => name);
const everybody = ['admin', 'agent', 'colleague', 'lead', 'manager', 'stranger', 'user'];

describe('GET /users', () => {
  it('shows people of the own organization only', async () => {
    expect(await names('/users')).toEqual(everybody);
    const [ours, theirs] = [await list('/users'), await list('/users', 'foreigner')];
    const ids = theirs.data.map(({ id }) => id);
    expect(ours.data.filter(({ id }) => ids.includes(id))).toEqual([]);
    expect(ids).toHaveLength(everybody.length);
  });

  it('shows an end user nothing but names', async () => {
    const { data } = await list('/users', 'user');
    expect(data.every((person) => Object.keys(person).join() === 'id,name')).toBe(true);
  });

  it('does not let an end user find out by filters what is not shown', async () => {
    expect((await get('/users?filter[role]=admin', 'user')).status).toBe(403);
    expect((await get('/users?q=email==x', 'user')).status).toBe(403);
    expect((await get('/users?sort=email', 'user')).status).toBe(403);
    expect(await names('/users?filter[name]=admin', 'user')).toEqual(['admin']);
  });

  it.each([
    ['filter[role][gte]=manager', ['admin', 'manager']],
    ['filter[id]=me', ['agent']],
    ['filter[id][ne]=me&sort=-name&limit=3', ['user', 'stranger', 'manager']],
    ['filter[manager][isnull]=true&filter[isActive]=true&limit=1', ['admin']],
    ['q=role=in=(agent,admin);name!=admin', ['agent', 'colleague', 'lead']],
    ['filter[createdAt][gt]=2000-01-01&filter[createdAt][lt]=2001-01-01', []],
  ])('filters: %s', async (query, expected) => {
    expect(await names(`/users?${query}`)).toEqual(expected);
  });

  it('is 422 with a pointer for an unknown field', async () => {
    const response = await get('/users?filter[shoeSize]=43');
    expect(response.status).toBe(422);
    expect(response.text).toContain('"/query/filter/shoeSize"');
  });

  it('shows chosen members only', async () => {
    const response = await get('/users?fields=email&limit=1');
    expect(response.body).toMatchObject({ data: [{ email: `admin@${world.slug}.example` }] });
    expect(response.text).not.toContain('"role"');
  });
});

describe('GET /users/{id}', () => {
  it('is 404 for somebody of another organization', async () => {
    const [stranger] = (await list('/users', 'foreigner')).data;
    expect((await get(`/users/${stranger?.id ?? ''}`)).status).toBe(404);
    expect((await get(`/users/${stranger?.id ?? ''}`, 'foreigner')).status).toBe(200);
  });
});

describe('GET /teams', () => {
  /** Follows the Link header to the end. */
  async function walk(query: string) {
    const pages: string[][] = [];
    let next: string | undefined = `/teams?${query}`;
    while (next !== undefined) {
      const response: Response = await get(next);
      pages.push(Page.parse(response.body).data.map(({ name }) => name));
      next = /^<\/api\/v1(.*)>; rel="next"$/.exec(response.headers['link'] ?? '')?.[1];
    }
    return pages;
  }
  const numbered = Array.from({ length: 10 }, (_, n) => `Team ${String(n + 1).padStart(2, '0')}`);
  const all = ['Network', 'Service desk', ...numbered];

  it('gives every team once, page by page, in order', async () => {
    expect(await walk('limit=5')).toEqual([all.slice(0, 5), all.slice(5, 10), all.slice(10)]);
    expect((await walk('limit=5&sort=-name')).flat()).toEqual([...all].reverse());
  });

  it('says how many there are when asked', async () => {
    expect(await list('/teams?limit=2&count=true')).toMatchObject({
      total: 12,
      totalIsExact: true,
    });
    expect(await list('/teams?limit=2&count=true&filter[lead]=me')).toMatchObject({ total: 3 });
  });

  it('finds my teams, and who is in them', async () => {
    const { data } = await list('/teams?filter[id]=myTeams');
    expect(data).toMatchObject([
      { name: 'Service desk', lead: { name: 'lead' } },
      { name: 'Team 01', lead: null },
    ]);
    expect(data[1]?.['members']).toEqual([expect.objectContaining({ name: 'agent' })]);
    expect(await names('/teams?filter[id][ne]=myTeams')).toHaveLength(10);
  });

  it('is 400 for a cursor of another query', async () => {
    const { page } = await list('/teams?limit=5');
    const response = await get(`/teams?limit=5&sort=-name&cursor=${page.nextCursor ?? ''}`);
    expect([response.status, response.body]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_request' }),
    ]);
  });
});

describe('the catalogue', () => {
  it('has services and categories', async () => {
    expect(await names('/services')).toEqual(['Mail']);
    expect(await names('/categories?filter[parent][isnull]=false')).toEqual(['Laptop']);
    const [laptop] = (await list('/categories?filter[name]=Laptop')).data;
    const response = await get(`/categories/${laptop?.id ?? ''}`);
    expect(response.body).toMatchObject({ parent: { name: 'Hardware' }, isActive: true });
  });
});

describe('GET /me', () => {
  it('says who I am, where, in which teams, and what I may do', async () => {
    expect((await get('/me')).body).toMatchObject({
      user: { name: 'agent', email: `agent@${world.slug}.example`, role: 'agent' },
      organization: { slug: world.slug, name: world.slug },
      teams: [{ name: 'Service desk' }, { name: 'Team 01' }],
      permissions: expect.arrayContaining(['incident:open', 'incident:resolve']) as string[],
    });
  });
});

describe('my notifications', () => {
  const read = (body: object) => callers.agent.post('/me/notifications/actions/read', body);
  const Notes = z.object({ data: z.array(z.object({ id: z.string(), subject: z.string() })) });
  const subjects = async (query = '') =>
    Notes.parse((await get(`/me/notifications?${query}`)).body).data;

  beforeAll(async () => {
    await world.rows(
      `insert into notifications
         (organization_id, id, recipient_id, cause, template, subject, created_at)
       select u.organization_id, gen_random_uuid(), u.id, n::text, 'x', u.name || ' ' || n,
              timestamptz '2026-11-23' + n * interval '1 microsecond'
         from users u, generate_series(1, 3) n where u.organization_id = $1`,
      [world.organizationId],
    );
  });

  it('come newest first, also when they are microseconds apart, page by page', async () => {
    const first = await get('/me/notifications?limit=2');
    expect(Notes.parse(first.body).data.map(({ subject }) => subject)).toEqual([
      'agent 3',
      'agent 2',
    ]);
    const cursor = Page.pick({ page: true }).parse(first.body).page.nextCursor ?? '';
    const rest = await subjects(`limit=2&cursor=${cursor}`);
    expect(rest.map(({ subject }) => subject)).toEqual(['agent 1']);
  });

  it('can be marked as read: some, or all that are mine', async () => {
    const [newest] = await subjects();
    expect((await read({ ids: [newest?.id] })).body).toEqual({ read: 1 });
    expect((await read({ ids: [newest?.id] })).body).toEqual({ read: 0 });
    expect(await subjects('filter[isRead]=false')).toHaveLength(2);
    expect((await read({})).body).toEqual({ read: 2 });
    expect(await subjects('filter[isRead]=true')).toHaveLength(3);
    const others = await world.rows('select 1 from notifications where read_at is not null');
    expect(others).toHaveLength(3);
  });
});
