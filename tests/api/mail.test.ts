/** What goes by mail, without an SMTP server: kept for administrators, with links that are good once. */
import { pino } from 'pino';
import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { composeApp } from '../../api/compose';
import { purgeExpired } from '../../models/purge';
import { processes } from '../../workflows/registry';
import { openWorld, password, secret, type World } from '../harness';
import type { Caller } from './incident';

const Mail = z.looseObject({
  kind: z.string(),
  state: z.string(),
  to: z.string(),
  text: z.string(),
  link: z.string().nullable(),
});
type Mail = z.infer<typeof Mail>;
const Person = z.looseObject({ id: z.string(), hasLogin: z.boolean() });
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
const post = (path: string, body: object) =>
  supertest(world.app).post(`/api/v1/auth/${path}`).send(body);
const login = (name: string, word = password) =>
  post('login', { email: addressOf(name), password: word });
const forgot = (name: string) => post('forgot-password', { email: addressOf(name) });
const choose = (token: string, newPassword: string) =>
  post('reset-password', { token, newPassword });
const made = async (name: string, more: object = {}) =>
  Person.parse((await admin.post('/users', { name, email: addressOf(name), ...more })).body);
const invite = (id: string) => admin.post(`/users/${id}/actions/invite`);
const refusal = ({ status, body }: Response) => {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
};
const dead = [422, 'invalid_input', '/token ended'];

/** The newest first. */
async function mailsTo(name: string): Promise<Mail[]> {
  await world.desk.settled();
  const answer = await admin.get(`/mails?filter[to]=${addressOf(name)}`);
  return z.object({ data: z.array(Mail) }).parse(answer.body).data;
}

async function tokenFor(name: string): Promise<string> {
  const mails = await mailsTo(name);
  const [base, token = ''] = (mails.find(({ link }) => link !== null)?.link ?? '').split('#token=');
  expect(base).toBe('https://desk.example/set-password');
  return token;
}

/** Milliseconds of the fastest of each, asked in turns: what the machine does beside it makes others slower only. */
async function fastest(...requests: (() => Promise<unknown>)[]): Promise<number[]> {
  const taken = requests.map((): number[] => []);
  for (let round = 0; round < 20; round += 1) {
    for (const [k, request] of requests.entries()) {
      const since = performance.now();
      await request();
      taken[k]?.push(performance.now() - since);
      await world.desk.settled();
    }
  }
  return taken.map((times) => Math.min(...times));
}

/** While nobody else can touch the row of this person. */
async function holding<T>(name: string, work: () => Promise<T>): Promise<T> {
  return world.database.inOrganization(world.organizationId, async (tx) => {
    await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${world.organizationId}/mail/${world.id('person', name)}`,
    ]);
    return work();
  });
}

describe('somebody new without a password', () => {
  it('is invited, chooses a password by the link, and signs in with it', async () => {
    const ada = await made('ada');
    expect(ada.hasLogin).toBe(false);
    const [mail] = await mailsTo('ada');
    expect(mail).toMatchObject({ kind: 'invitation', state: 'kept', to: addressOf('ada') });
    expect(mail?.text).toContain('admin has made an account for you');
    expect(mail?.text).toContain('{link}');
    expect((await login('ada', 'Analytical-engine-1')).status).toBe(401);

    expect((await choose(await tokenFor('ada'), 'Analytical-engine-1')).status).toBe(204);
    expect((await login('ada', 'Analytical-engine-1')).body).toMatchObject({
      user: { mustChangePassword: false },
    });
    expect(await mailsTo('ada')).toMatchObject([{ link: null }]);
    const acts = await admin.get(`/audit-events?filter[target]=${ada.id}&sort=at`);
    expect(acts.body).toMatchObject({
      data: ['person.created', 'person.invited', 'person.passwordChosen'].map((action) => ({
        action,
      })),
    });
  });

  it('is not when they have no login; who has a password needs none either', async () => {
    await made('guest', { login: false });
    await made('charles', { password: 'Difference-engine-1' });
    expect([await mailsTo('guest'), await mailsTo('charles')]).toEqual([[], []]);
    const both = { name: 'x', email: addressOf('x'), login: false, password };
    expect(refusal(await admin.post('/users', both))).toContain('/password without_login');
  });

  it('is invited again, and only the last link is good', async () => {
    const { id } = await made('grace');
    const first = await tokenFor('grace');
    expect((await invite(id)).status).toBe(204);
    const second = await tokenFor('grace');
    expect((await mailsTo('grace')).map(({ link }) => link === null)).toEqual([false, true]);
    expect(refusal(await choose(first, 'Nanosecond-wire-1'))).toEqual(dead);
    expect((await choose(second, 'Nanosecond-wire-1')).status).toBe(204);
    expect(refusal(await invite(id))).toEqual([409, 'conflict']);
    expect((await invite('0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11')).status).toBe(404);
  });

  it('is invited once by a request that is repeated', async () => {
    const body = { name: 'once', email: addressOf('once') };
    const send = () => admin.post('/users', body).set('idempotency-key', 'once-and-again');
    expect([(await send()).status, (await send()).status]).toEqual([201, 201]);
    expect(await mailsTo('once')).toHaveLength(1);
    const kept = JSON.stringify(await world.rows('select * from idempotency_keys'));
    expect(kept).not.toContain((await tokenFor('once')).split('.')[1]);
  });
});

describe('the link of a mail', () => {
  const word = 'Turing-machine-1';

  it('is good once, also when it is used twice at the same time', async () => {
    await made('alan');
    const token = await tokenFor('alan');
    const both = await Promise.all([choose(token, word), choose(token, 'Turing-machine-2')]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 422]);
    expect(refusal(await choose(token, 'Turing-machine-3'))).toEqual(dead);
  });

  it('is not used up by a password that is refused', async () => {
    await made('kurt');
    const token = await tokenFor('kurt');
    expect(refusal(await choose(token, 'kurt'))).toContain('/newPassword too_short');
    expect((await choose(token, word)).status).toBe(204);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['its time is over', () => world.rows('update link_tokens set expires_at = now()')],
    ['they get another address', (id) => admin.patch(`/users/${id}`, { email: addressOf(id) })],
    ['their account ends', (id) => admin.post(`/users/${id}/actions/deactivate`)],
    [
      'they get a password',
      (id) => admin.post(`/users/${id}/actions/reset-password`, { password }),
    ],
  ])('is dead when %s', async (what, happens) => {
    const name = what.replaceAll(' ', '-');
    const { id } = await made(name);
    const token = await tokenFor(name);
    await happens(id);
    expect(refusal(await choose(token, word))).toEqual(dead);
  });

  it('is refused when it was made up, or is of another organization', async () => {
    await made('mallory');
    const token = await tokenFor('mallory');
    const other = (await world.neighbour()).organizationId;
    for (const wrong of ['rubbish', token.replace(/.$/, '_'), token.replace(/^[^.]+/, other)]) {
      expect(refusal(await choose(wrong, word))).toEqual(dead);
    }
  });

  it('is kept as a hash, and its text goes when its time is over', async () => {
    await made('edsger');
    const token = await tokenFor('edsger');
    const hidden = token.split('.')[1] ?? '';
    const rows = () => world.rows('select * from link_tokens, audit_events');
    expect(JSON.stringify(await rows())).not.toContain(hidden);
    await world.rows('update mails set link_expires_at = now()');
    await world.rows('update link_tokens set expires_at = now()');
    expect(await mailsTo('edsger')).toMatchObject([{ link: null }]);
    while (await purgeExpired(world.database));
    expect(JSON.stringify(await world.rows('select * from mails'))).not.toContain(hidden);
    expect(await world.rows('select 1 from link_tokens')).toEqual([]);
  });
});

describe('a forgotten password', () => {
  const word = 'Remembered-horse-1';

  it('is replaced by the link; all sessions end, and a lock is forgotten', async () => {
    const caller = await world.as('agent');
    for (let k = 0; k < 5; k += 1) await login('agent', 'wrong');
    expect((await forgot('agent')).status).toBe(202);
    expect((await login('agent')).status).toBe(401);
    expect((await choose(await tokenFor('agent'), word)).status).toBe(204);
    expect((await caller.get('/me')).status).toBe(401);
    expect((await login('agent', word)).status).toBe(200);
  });

  it('is answered the same whether or not somebody has the address, and writes to nobody else', async () => {
    await world.rows('update users set is_active = false where email = $1', [
      addressOf('stranger'),
    ]);
    const answers = [];
    for (const name of ['manager', 'nobody', 'stranger', 'guest']) answers.push(await forgot(name));
    const said = answers.map((answer) => ({
      ...{ status: answer.status, text: answer.text },
      headers: Object.keys(z.record(z.string(), z.unknown()).parse(answer.headers)),
    }));
    expect(said).toEqual(said.map(() => said[0]));
    expect(said[0]?.status).toBe(202);
    expect(await mailsTo('manager')).toHaveLength(1);
    for (const name of ['nobody', 'stranger', 'guest']) expect(await mailsTo(name)).toEqual([]);
  });

  it('is answered before anything is done, and in the same time', async () => {
    const answer = await holding('colleague', () => forgot('colleague'));
    expect(answer.status).toBe(202);
    expect(await mailsTo('colleague')).toHaveLength(1);
    const [known = NaN, unknown = NaN] = await fastest(
      () => forgot('lead'),
      () => forgot('nobody'),
    );
    expect(Math.abs(known - unknown)).toBeLessThan(2);
  });

  it('brings one mail in five minutes, however often and at once it is asked for', async () => {
    await Promise.all(Array.from({ length: 6 }, () => forgot('user')));
    const token = await tokenFor('user');
    await forgot('user');
    expect(await mailsTo('user')).toHaveLength(1);
    await world.rows(`update mails set created_at = created_at - interval '5 minutes'`);
    await forgot('user');
    expect(await mailsTo('user')).toHaveLength(2);
    expect(refusal(await choose(token, word))).toEqual(dead);
  });
});

describe('a lock', () => {
  const fail = async (name: string, times: number) => {
    for (let k = 0; k < times; k += 1) expect((await login(name, 'wrong')).status).toBe(401);
  };
  const lockouts = async (name: string) =>
    (await mailsTo(name)).filter(({ kind }) => kind === 'lockout');

  it('is told to the owner of the address, once; nobody else gets a mail', async () => {
    await fail('lead', 4);
    expect(await lockouts('lead')).toEqual([]);
    await fail('lead', 4);
    const [mail, ...more] = await lockouts('lead');
    expect([mail?.link, more]).toEqual([null, []]);
    expect(mail?.text).toMatch(/until \d+ \w+ \d{4} at \d\d:\d\d \((CES?T|GMT\+[12])\);/);
    await fail('no-such-person', 6);
    expect(await lockouts('no-such-person')).toEqual([]);
    await Promise.all(Array.from({ length: 12 }, () => login('colleague', 'wrong')));
    expect(await lockouts('colleague')).toHaveLength(1);
  });

  it('is told after the answer, which says and takes the same for an address that nobody has', async () => {
    await fail('manager', 4);
    await holding('manager', () => fail('manager', 1));
    expect(await lockouts('manager')).toHaveLength(1);
    await world.rows('delete from login_failures');
    const [known = NaN, unknown = NaN] = await fastest(
      () => login('manager', 'wrong'),
      () => login('no-body', 'wrong'),
    );
    expect(Math.abs(known - unknown)).toBeLessThan(10);
  });
});

describe('GET /mails', () => {
  it('is for administrators of the organization', async () => {
    const agent = await world.as('user');
    expect((await agent.get('/mails')).status).toBe(403);
    const foreign = await (await world.neighbour()).as('admin');
    expect((await foreign.get('/mails')).body).toMatchObject({ data: [] });
  });

  it('is filtered by kind, state and person', async () => {
    const manager = world.id('person', 'manager');
    const count = async (query: string) =>
      z
        .object({ total: z.number() })
        .parse((await admin.get(`/mails?count=true&limit=1&${query}`)).body).total;
    expect(await count(`filter[user]=${manager}&filter[kind]=lockout`)).toBe(1);
    expect(await count('filter[state]=kept')).toBe(await count(''));
    expect(await count('filter[state][in]=sent,failed,sending')).toBe(0);
  });
});

it('no token ever gets into a log', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const { database, engine } = world;
  const door = supertest(composeApp({ database, engine, processes, secret, log }));
  await made('quiet');
  const token = await tokenFor('quiet');
  for (const newPassword of ['weak', 'Silent-night-99', 'Silent-night-99']) {
    await door.post('/api/v1/auth/reset-password').send({ token, newPassword });
  }
  await door.get(`/api/v1/mails?filter[to]=${addressOf('quiet')}`);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join('')).not.toMatch(/Silent-night/);
  expect(lines.join('')).not.toContain(token.split('.')[1]);
});
