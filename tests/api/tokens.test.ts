/** Programs: tokens that may little, from where they may, for as long as they may. */
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Made = z.object({ id: z.string(), token: z.string() });
const Account = z.object({ id: z.string() });
const Tokens = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

let world: World;
let admin: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
  agent = await world.as('agent');
});
afterAll(() => world.close());

const wish = (scopes: readonly string[], more: object = {}) => ({
  name: 'monitor',
  scopes,
  ...more,
});
const mine = async (by: Caller, scopes: readonly string[], more: object = {}) =>
  Made.parse((await by.post('/me/api-tokens', wish(scopes, more))).body);
const account = async (role = 'agent') =>
  Account.parse((await admin.post('/service-accounts', { name: 'Monitoring', role })).body).id;
const withToken = (token: string) => ({
  get: (path: string) =>
    supertest(world.app).get(`/api/v1${path}`).set('authorization', `Bearer ${token}`),
  post: (path: string, body: object = {}) =>
    supertest(world.app).post(`/api/v1${path}`).set('authorization', `Bearer ${token}`).send(body),
});
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const incident = { title: 'Disk full', description: 'Full.', impact: 'low', urgency: 'low' };

describe('a token of my own', () => {
  it('does what its scopes name, as me, and nothing else', async () => {
    const { token } = await mine(agent, ['incident:read', 'incident:open', 'incident:all']);
    const program = withToken(token);
    expect((await program.get('/incidents')).status).toBe(200);
    const opened = await program.post('/incidents', incident);
    expect(opened.body).toMatchObject({ openedBy: { name: 'agent' }, allowed: [] });
    expect((await program.get('/users?filter[role]=agent')).status).toBe(403);
    expect((await program.get('/audit-events')).status).toBe(403);
  });

  it('is no person: it reaches nothing that only its owner does', async () => {
    const { token } = await mine(admin, ['user:manage', 'token:manage']);
    for (const path of ['/me/sessions', '/me/api-tokens', '/me/notifications'])
      expect((await withToken(token).get(path)).status).toBe(403);
    const change = { currentPassword: 'x', newPassword: 'y' };
    expect((await withToken(token).post('/me/change-password', change)).status).toBe(403);
    expect((await withToken(token).get('/me')).body).toMatchObject({
      permissions: ['token:manage', 'user:manage'],
    });
  });

  it('makes no tokens, roles or administrators: it cannot prove anew who it is', async () => {
    const { token } = await mine(admin, ['token:manage', 'user:manage', 'role:manage']);
    const program = withToken(token);
    const tokens = `/service-accounts/${await account('admin')}/tokens`;
    const king = { name: 'king', email: `king@${world.slug}.example`, role: 'admin' };
    for (const call of [
      program.post(tokens, wish(['incident:read'])),
      program.post('/roles', { name: 'mine', permissions: [] }),
      program.post('/users', king),
    ])
      expect((await call).body).toMatchObject({ status: 403, code: 'step_up_required' });
    expect((await program.post('/users', { ...king, role: 'end_user' })).status).toBe(201);
  });

  it('is shown once: neither it nor its hash is seen again', async () => {
    const { id, token } = await mine(agent, ['incident:read'], { expiresAt: inAnHour() });
    const listed = await agent.get('/me/api-tokens');
    expect(Tokens.parse(listed.body).data[0]).toMatchObject({ id, scopes: ['incident:read'] });
    expect(listed.text).not.toContain(token);
    const rows = await world.rows(
      'select t.*, k.* from api_tokens t left join idempotency_keys k on true',
    );
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(await world.rows('select * from audit_events'))).not.toMatch(/hf_|hash/i);
  });

  it('ends at once when it is revoked, over, or its owner is', async () => {
    const one = await mine(agent, ['incident:read']);
    const two = await mine(agent, ['incident:read'], { expiresAt: inAnHour() });
    const reads = async ({ token }: { token: string }) =>
      (await withToken(token).get('/incidents')).status;
    expect([await reads(one), await reads(two)]).toEqual([200, 200]);
    expect((await agent.delete(`/me/api-tokens/${one.id}`)).status).toBe(204);
    await world.rows('update api_tokens set expires_at = now() where id = $1', [two.id]);
    expect([await reads(one), await reads(two)]).toEqual([401, 401]);
    expect((await agent.delete(`/me/api-tokens/${one.id}`)).status).toBe(404);

    const lead = await world.as('lead');
    const third = await mine(lead, ['incident:read']);
    const path = `/users/${world.id('person', 'lead')}/actions`;
    await admin.post(`${path}/deactivate`);
    expect(await reads(third)).toBe(401);
    await admin.post(`${path}/activate`);
  });

  it('counts for no more than its owner holds at the moment', async () => {
    const { token } = await mine(await world.as('manager'), ['incident:all', 'incident:read']);
    const path = `/users/${world.id('person', 'manager')}`;
    await admin.patch(path, { role: 'end_user' });
    const me = await withToken(token).get('/me');
    expect(me.body).toMatchObject({ permissions: ['incident:read'] });
    await admin.patch(path, { role: 'manager' });
  });

  it('works only from its addresses', async () => {
    const reads = async (addresses: string[]) => {
      const { token } = await mine(agent, ['incident:read'], { addresses });
      return (await withToken(token).get('/incidents')).status;
    };
    expect(await reads(['127.0.0.0/8', '::1'])).toBe(200);
    expect(await reads(['10.1.2.3'])).toBe(403);
  });

  it('remembers when and from where it was used, to the minute', async () => {
    const { id, token } = await mine(agent, ['incident:read']);
    const used = async () =>
      world.rows('select last_used_at, last_used_from from api_tokens where id = $1', [id]);
    expect(await used()).toEqual([{ last_used_at: null, last_used_from: null }]);
    await withToken(token).get('/incidents');
    const first = await used();
    expect(first).toEqual([
      { last_used_at: expect.any(Date) as Date, last_used_from: '127.0.0.1' },
    ]);
    await withToken(token).get('/incidents');
    expect(await used()).toEqual(first);
  });

  it.each([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['user:manage'] }, '/scopes/0'],
    [{ scopes: ['incident:read', 'no:such'] }, '/scopes/1'],
    [{ addresses: ['example.org'] }, '/addresses/0'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
  ])('is refused: %j', async (wrong, pointer) => {
    const answer = await agent.post('/me/api-tokens', wish(['incident:read'], wrong));
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });

  it.each(['hf_', 'hf_short', `hf_${'A'.repeat(64)}`, `hf_${'-'.repeat(64)}x`])(
    'that nobody made is 401: %s',
    async (text) => {
      expect((await withToken(text).get('/incidents')).status).toBe(401);
    },
  );
});

describe('a service account', () => {
  it('works by its tokens alone; nobody signs in to it and it is no person', async () => {
    const id = await account();
    const path = `/service-accounts/${id}/tokens`;
    const { token } = Made.parse(
      (await admin.post(path, wish(['incident:open', 'incident:read']))).body,
    );
    const opened = await withToken(token).post('/incidents', incident);
    expect(opened.body).toMatchObject({ openedBy: { id, name: 'Monitoring' } });
    expect((await admin.get(`/users/${id}`)).status).toBe(404);
    expect((await admin.patch(`/users/${id}`, { email: 'a@b.example' })).status).toBe(404);
    const reset = { password: 'Correct-horse-2' };
    expect((await admin.post(`/users/${id}/actions/reset-password`, reset)).status).toBe(404);
    expect((await agent.get('/service-accounts')).status).toBe(403);

    await admin.patch(`/service-accounts/${id}`, { isActive: false });
    expect((await withToken(token).get('/incidents')).status).toBe(401);
  });

  it('has no tokens of people, and people none of its', async () => {
    const person = world.id('person', 'agent');
    const answer = await admin.post(`/service-accounts/${person}/tokens`, wish(['incident:read']));
    expect(answer.status).toBe(404);
    const { id } = await mine(agent, ['incident:read']);
    const other = `/service-accounts/${await account()}/tokens/${id}`;
    expect((await admin.delete(other)).status).toBe(404);
  });
});
