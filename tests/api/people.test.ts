import { z } from 'zod';
import { acme, openFront, settle, type Front } from './front';

const Page = z.object({
  data: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  page: z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() }),
  total: z.number().optional(),
  totalIsExact: z.boolean().optional(),
});

let front: Front;
beforeAll(async () => {
  front = await openFront();
  await settle(front);
  await front.admin.query(
    `insert into teams (organization_id, id, name, lead_id)
     select $1, gen_random_uuid(), 'Team ' || lpad(n::text, 2, '0'),
            case when n % 3 = 0 then (select id from users where email = 'agent@acme.example') end
       from generate_series(1, 12) n`,
    [acme],
  );
  await front.admin.query(
    `insert into team_members (organization_id, team_id, user_id)
     select t.organization_id, t.id, u.id from teams t join users u using (organization_id)
      where t.name = 'Team 01' and u.email = 'agent@acme.example'`,
  );
  await front.admin.query(
    `insert into services (organization_id, id, name) values ($1, gen_random_uuid(), 'E-mail')`,
    [acme],
  );
  await front.admin.query(
    `with parent as (
       insert into categories (organization_id, id, name) values ($1, gen_random_uuid(), 'Hardware')
       returning organization_id, id)
     insert into categories (organization_id, id, name, parent_id)
     select organization_id, gen_random_uuid(), 'Laptop', id from parent`,
    [acme],
  );
});
afterAll(() => front.close());

async function get(path: string, email = 'agent@acme.example') {
  return (await front.as(email)).get(`/api/v1${path}`);
}
const list = async (path: string, email?: string) => Page.parse((await get(path, email)).body);
const names = async (path: string, email?: string) =>
  (await list(path, email)).data.map(({ name }) => name);

describe('GET /users', () => {
  it('shows people of the own organization only', async () => {
    expect(await names('/users')).toEqual(['admin', 'agent', 'manager', 'user']);
    expect(await names('/users', 'agent@globex.example')).toEqual(['agent']);
  });

  it('shows an end user nothing but names', async () => {
    const { data } = await list('/users', 'user@acme.example');
    expect(data.every((person) => Object.keys(person).join() === 'id,name')).toBe(true);
  });

  it('does not let an end user find out by filters what is not shown', async () => {
    expect((await get('/users?filter[role]=admin', 'user@acme.example')).status).toBe(403);
    expect((await get('/users?q=email==x', 'user@acme.example')).status).toBe(403);
    expect((await get('/users?sort=email', 'user@acme.example')).status).toBe(403);
    expect(await names('/users?filter[name]=admin', 'user@acme.example')).toEqual(['admin']);
  });

  it.each([
    ['filter[role][gte]=manager', ['admin', 'manager']],
    ['filter[id]=me', ['agent']],
    ['filter[id][ne]=me&sort=-name', ['user', 'manager', 'admin']],
    ['filter[manager][isnull]=true&filter[isActive]=true&limit=1', ['admin']],
    ['q=role=in=(agent,admin);name!=admin', ['agent']],
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
    expect(response.body).toMatchObject({ data: [{ email: 'admin@acme.example' }] });
    expect(response.text).not.toContain('"role"');
  });
});

describe('GET /users/{id}', () => {
  it('is 404 for somebody of another organization', async () => {
    const [stranger] = (await list('/users', 'agent@globex.example')).data;
    expect((await get(`/users/${stranger?.id ?? ''}`)).status).toBe(404);
    expect((await get(`/users/${stranger?.id ?? ''}`, 'agent@globex.example')).status).toBe(200);
  });
});

describe('GET /teams', () => {
  /** Follows the Link header to the end. */
  async function walk(query: string) {
    const agent = await front.as('agent@acme.example');
    const pages: string[][] = [];
    let next: string | undefined = `/api/v1/teams?${query}`;
    while (next !== undefined) {
      const response = await agent.get(next);
      pages.push(Page.parse(response.body).data.map(({ name }) => name));
      next = /^<(.*)>; rel="next"$/.exec(response.headers['link'] ?? '')?.[1];
    }
    return pages;
  }
  const all = Array.from({ length: 12 }, (_, n) => `Team ${String(n + 1).padStart(2, '0')}`);

  it('gives every team once, page by page, in order', async () => {
    expect(await walk('limit=5')).toEqual([all.slice(0, 5), all.slice(5, 10), all.slice(10)]);
    expect((await walk('limit=5&sort=-name')).flat()).toEqual([...all].reverse());
  });

  it('says how many there are when asked', async () => {
    expect(await list('/teams?limit=2&count=true')).toMatchObject({
      total: 12,
      totalIsExact: true,
    });
    expect(await list('/teams?limit=2&count=true&filter[lead]=me')).toMatchObject({ total: 4 });
  });

  it('finds my teams, and who is in them', async () => {
    const { data } = await list('/teams?filter[id]=myTeams');
    expect(data).toEqual([expect.objectContaining({ name: 'Team 01', lead: null })]);
    expect(data[0]?.['members']).toEqual([expect.objectContaining({ name: 'agent' })]);
    expect(await names('/teams?filter[id][ne]=myTeams')).toHaveLength(11);
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
    expect(await names('/services')).toEqual(['E-mail']);
    expect(await names('/categories?filter[parent][isnull]=false')).toEqual(['Laptop']);
    const [laptop] = (await list('/categories?filter[name]=Laptop')).data;
    const response = await get(`/categories/${laptop?.id ?? ''}`);
    expect(response.body).toMatchObject({ parent: { name: 'Hardware' }, isActive: true });
  });
});

describe('GET /me', () => {
  it('says who I am, where, in which teams, and what I may do', async () => {
    expect((await get('/me')).body).toMatchObject({
      user: { name: 'agent', email: 'agent@acme.example', role: 'agent' },
      organization: { slug: 'acme', name: 'Acme' },
      teams: [{ name: 'Team 01' }],
      permissions: ['agent:all'],
    });
  });
});

describe('my notifications', () => {
  const read = async (body: object) =>
    (await front.as('agent@acme.example')).post('/api/v1/me/notifications/actions/read').send(body);
  const Notes = z.object({ data: z.array(z.object({ id: z.string(), subject: z.string() })) });
  const subjects = async (query = '') =>
    Notes.parse((await get(`/me/notifications?${query}`)).body).data;

  beforeAll(async () => {
    await front.admin.query(
      `insert into notifications
         (organization_id, id, recipient_id, cause, template, subject, created_at)
       select u.organization_id, gen_random_uuid(), u.id, n::text, 'x', u.name || ' ' || n,
              timestamptz '2026-11-23' + n * interval '1 microsecond'
         from users u, generate_series(1, 3) n where u.organization_id = $1`,
      [acme],
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
    const others = await front.admin.query('select 1 from notifications where read_at is not null');
    expect(others.rowCount).toBe(3);
  });
});
