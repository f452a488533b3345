/** Administrators make people, edit them, and decide who may sign in. */
import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { openWorld, password, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Person = z.looseObject({
  id: z.string(),
  revision: z.number(),
  hasLogin: z.boolean(),
  isActive: z.boolean(),
});
const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

const addressOf = (name: string) => `${name}@${world.slug}.example`;
const login = (email: string, word = password) =>
  supertest(world.app).post('/api/v1/auth/login').send({ email, password: word });
const made = async (name: string, more: object = {}) =>
  Person.parse((await admin.post('/users', { name, email: addressOf(name), ...more })).body);
const refusal = ({ status, body }: Response) => {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
};
const act = (id: string, name: string, body: object = {}) =>
  admin.post(`/users/${id}/actions/${name}`, body);
const actsOn = async (id: string) => {
  const Acts = z.object({ data: z.array(z.object({ action: z.string() })) });
  const path = `/audit-events?filter[target]=${id}&sort=at`;
  return Acts.parse((await admin.get(path)).body).data.map(({ action }) => action);
};

describe('somebody new', () => {
  it('may only ask for things without a password, and signs in with one that they must change', async () => {
    const ada = await made('ada', { title: 'Countess', isVip: true, timezone: 'Europe/London' });
    expect(ada).toMatchObject({ role: 'end_user', hasLogin: false, isVip: true, revision: 1 });
    expect((await login(addressOf('ada'))).status).toBe(401);

    const word = 'Analytical-engine-1';
    await made('charles', { role: 'agent', password: word });
    const answer = await login(addressOf('charles'), word);
    expect(answer.body).toMatchObject({ user: { role: 'agent', mustChangePassword: true } });
    const rows = await world.rows('select before, after from audit_events');
    expect(JSON.stringify(rows)).not.toMatch(/Analytical|argon2/);
  });

  it.each([
    [{ email: 'nonsense' }, '/email invalid_format'],
    [{ role: 'king' }, '/role invalid_value'],
    [{ password: 'short' }, '/password too_short'],
    [{ timezone: 'Mars/Olympus' }, '/timezone invalid'],
    [{ locationId: '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11' }, '/locationId not_found'],
    [{ passwordHash: 'x' }, '/passwordHash unknown_field'],
  ])('is refused: %j', async (wrong, issue) => {
    const body = { name: 'wrong', email: addressOf('wrong'), ...wrong };
    const answer = refusal(await admin.post('/users', body));
    expect(answer.slice(0, 2)).toEqual([422, 'invalid_input']);
    expect(answer).toContain(issue);
  });

  it('has an address of their own, in whatever case', async () => {
    const twice = await admin.post('/users', { name: 'x', email: addressOf('AGENT') });
    expect(refusal(twice)).toEqual([409, 'conflict', '/email taken']);
  });

  it('is made by administrators only', async () => {
    for (const name of ['manager', 'agent', 'user']) {
      const caller = await world.as(name);
      const answers = [
        await caller.post('/users', { name: 'x', email: addressOf('x') }),
        await caller.patch(`/users/${world.id('person', name)}`, { role: 'admin' }),
        await caller.post(`/users/${world.id('person', 'admin')}/actions/deactivate`),
      ];
      expect(answers.map(refusal)).toEqual(answers.map(() => [403, 'forbidden']));
    }
  });
});

describe('somebody who is there', () => {
  it('is edited by revision; a new role counts with the next request', async () => {
    const agent = await world.as('colleague');
    const id = world.id('person', 'colleague');
    const edited = await admin.patch(`/users/${id}`, { role: 'manager', department: 'Networks' });
    expect(Person.parse(edited.body)).toMatchObject({ role: 'manager', department: 'Networks' });
    expect((await agent.get('/me')).body).toMatchObject({ user: { role: 'manager' } });
    const stale = await admin.patch(`/users/${id}`, { phone: '1' }).set('if-match', '"1"');
    expect(refusal(stale)).toEqual([412, 'stale_version']);
    expect(await actsOn(id)).toEqual(['person.edited']);
  });

  it('looks the same in a list as by itself', async () => {
    const path = `/users/${world.id('person', 'agent')}`;
    const listed = await admin.get(`/users?filter[email]=${addressOf('agent')}`);
    expect(listed.body).toMatchObject({ data: [expect.anything()] });
    const { data } = z.object({ data: z.array(z.unknown()) }).parse(listed.body);
    expect(data).toEqual([(await admin.get(path)).body]);
  });

  it('shows an end user nothing but the name', async () => {
    const user = await world.as('user');
    const answer = await user.get(`/users/${world.id('person', 'agent')}`);
    expect(answer.body).toEqual({ id: world.id('person', 'agent'), name: 'agent' });
  });

  it('is nobody’s manager in a circle, also not when two moves come at once', async () => {
    const [a, b, c] = [await made('a'), await made('b'), await made('c')];
    const under = (id: string, managerId: string) => admin.patch(`/users/${id}`, { managerId });
    expect((await under(b.id, a.id)).status).toBe(200);
    expect((await under(c.id, b.id)).status).toBe(200);
    const circle = [422, 'invalid_input', '/managerId cycle'];
    expect(refusal(await under(a.id, c.id))).toEqual(circle);
    expect(refusal(await under(a.id, a.id))).toEqual(circle);
    const [d, e] = [await made('d'), await made('e')];
    const both = await Promise.all([under(d.id, e.id), under(e.id, d.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  it('is deactivated at once and for all sessions, and activated again', async () => {
    const caller = await world.as('stranger');
    const id = world.id('person', 'stranger');
    expect((await act(id, 'deactivate')).status).toBe(204);
    expect((await act(id, 'deactivate')).status).toBe(204);
    expect((await caller.get('/me')).status).toBe(401);
    expect((await act(id, 'activate')).status).toBe(204);
    expect((await caller.get('/me')).status).toBe(401);
    expect((await login(addressOf('stranger'))).status).toBe(200);
    expect(await actsOn(id)).toEqual(['person.deactivated', 'person.activated']);
  });

  it('is unlocked, or given another password, which has to be changed', async () => {
    const id = world.id('person', 'lead');
    for (let k = 0; k < 5; k += 1) await login(addressOf('lead'), 'wrong');
    expect((await login(addressOf('lead'))).status).toBe(401);
    expect((await act(id, 'unlock')).status).toBe(204);
    expect((await login(addressOf('lead'))).status).toBe(200);

    const caller = await world.as('lead');
    const weak = await act(id, 'reset-password', { password: 'weak' });
    expect(refusal(weak)).toContain('/password too_short');
    expect((await caller.get('/me')).status).toBe(200);
    expect((await act(id, 'reset-password', { password: 'Battery-staple-9' })).status).toBe(204);
    expect((await caller.get('/me')).status).toBe(401);
    const answer = await login(addressOf('lead'), 'Battery-staple-9');
    expect(answer.body).toMatchObject({ user: { mustChangePassword: true } });
    expect(await actsOn(id)).toEqual(['person.unlocked', 'person.passwordReset']);
  });
});

describe('the last administrator', () => {
  it('stays one, also when two leave at once', async () => {
    const id = world.id('person', 'admin');
    expect(refusal(await act(id, 'deactivate'))).toEqual([409, 'conflict']);
    expect(refusal(await admin.patch(`/users/${id}`, { role: 'agent' }))).toEqual([
      409,
      'conflict',
    ]);
    const other = await made('other-admin', { role: 'admin', password: 'Battery-staple-9' });
    const both = await Promise.all([
      act(other.id, 'deactivate'),
      admin.patch(`/users/${id}`, { role: 'manager' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([expect.any(Number), 409]);
  });
});
