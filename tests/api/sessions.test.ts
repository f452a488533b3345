/** What ends a session acts at once; what guesses passwords is locked out and learns nothing. */
import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { openWorld, password, type World } from '../harness';

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });
const Sessions = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      isCurrent: z.boolean(),
      userAgent: z.string(),
      address: z.string(),
    }),
  ),
});
const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const addressOf = (name: string) => `${name}@${world.slug}.example`;
const login = (name: string, word = password) =>
  supertest(world.app)
    .post('/api/v1/auth/login')
    .send({ email: addressOf(name), password: word });
const signedIn = async (name: string, word?: string) =>
  Tokens.parse((await login(name, word)).body);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const me = (token: string) => supertest(world.app).get('/api/v1/me').set(bearer(token));
const statusesOf = async (tokens: readonly string[]) =>
  (await Promise.all(tokens.map((token) => me(token)))).map(({ status }) => status);
const problemOf = ({ body }: Response) => Problem.parse(body);
const change = (token: string, currentPassword: string, newPassword: string) =>
  supertest(world.app)
    .post('/api/v1/me/change-password')
    .set(bearer(token))
    .send({ currentPassword, newPassword });

describe('a session', () => {
  it('is listed with where it is used from; one that is ended is refused at once', async () => {
    const [one, other] = [await signedIn('agent'), await signedIn('agent')];
    const listed = await supertest(world.app)
      .get('/api/v1/me/sessions')
      .set(bearer(one.accessToken));
    const { data } = Sessions.parse(listed.body);
    expect(data.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
    const ended = data.find(({ isCurrent }) => !isCurrent);
    const path = `/api/v1/me/sessions/${ended?.id ?? ''}`;
    expect((await supertest(world.app).delete(path).set(bearer(one.accessToken))).status).toBe(204);
    expect(await statusesOf([one.accessToken, other.accessToken])).toEqual([200, 401]);
  });

  it('of somebody else is not there', async () => {
    const [mine, theirs] = [await signedIn('agent'), await signedIn('manager')];
    const listed = await supertest(world.app)
      .get('/api/v1/me/sessions')
      .set(bearer(theirs.accessToken));
    const [{ id } = { id: '' }] = Sessions.parse(listed.body).data;
    const answer = await supertest(world.app)
      .delete(`/api/v1/me/sessions/${id}`)
      .set(bearer(mine.accessToken));
    expect([answer.status, problemOf(answer).code]).toEqual([404, 'not_found']);
    expect(await statusesOf([theirs.accessToken])).toEqual([200]);
  });

  it.each([
    ['logout', 'agent', 'auth/logout'],
    ['logout-everywhere', 'agent', 'auth/logout-everywhere'],
  ])('ends at once with %s', async (_, name, path) => {
    const { accessToken, refreshToken } = await signedIn(name);
    const body = path.endsWith('everywhere') ? {} : { refreshToken };
    const answer = await supertest(world.app)
      .post(`/api/v1/${path}`)
      .set(bearer(accessToken))
      .send(body);
    expect(answer.status).toBe(204);
    expect(await statusesOf([accessToken])).toEqual([401]);
  });

  it.each([
    ['the account is deactivated', `update users set is_active = false where email = $1`, 401],
    ['a refresh token comes back', `update sessions set ended_at = now() where $1 <> ''`, 401],
  ])('ends at once when %s', async (_, sql, status) => {
    const { accessToken } = await signedIn('colleague');
    expect(await statusesOf([accessToken])).toEqual([200]);
    await world.rows(sql, [addressOf('colleague')]);
    expect(await statusesOf([accessToken])).toEqual([status]);
    await world.rows('update users set is_active = true');
  });

  it('tells whoever is signed in that the organization is suspended', async () => {
    const { accessToken, refreshToken } = await signedIn('agent');
    await world.rows('update organizations set suspended_at = now() where slug = $1', [world.slug]);
    const refreshed = await supertest(world.app)
      .post('/api/v1/auth/refresh')
      .send({ refreshToken });
    const answers = [await me(accessToken), await login('agent'), refreshed];
    await world.rows('update organizations set suspended_at = null');
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(answers.map((answer) => problemOf(answer).code)).toEqual(
      Array(3).fill('organization_suspended'),
    );
    expect(await statusesOf([accessToken])).toEqual([200]);
  });

  it('takes a role that changed with the next request', async () => {
    const { accessToken } = await signedIn('user');
    const rolesSeen = async () =>
      z.object({ user: z.object({ role: z.string() }) }).parse((await me(accessToken)).body).user
        .role;
    expect(await rolesSeen()).toBe('end_user');
    await world.rows(`update users set role = 'agent' where email = $1`, [addressOf('user')]);
    expect(await rolesSeen()).toBe('agent');
    await world.rows(`update users set role = 'end_user' where email = $1`, [addressOf('user')]);
  });
});

describe('an address that is guessed at', () => {
  const fail = async (name: string, times: number) => {
    for (let k = 0; k < times; k += 1) expect((await login(name, 'wrong')).status).toBe(401);
  };
  const locked = async () =>
    world.rows(`select locks, extract(epoch from locked_until - now()) / 60 as minutes from login_failures
                 where locked_until > now()`);

  it('is locked after five failures, for everybody the same; the right password does not help', async () => {
    await fail('manager', 5);
    const [right, unknown] = [await login('manager'), await login('nobody')];
    expect([right.status, unknown.status]).toEqual([401, 401]);
    expect(problemOf(right)).toMatchObject({ detail: problemOf(unknown).detail });
    expect((await login('agent')).status).toBe(200);
  });

  it('is locked whether somebody has it or not', async () => {
    await fail('no-such-person', 5);
    expect(await locked()).toHaveLength(2);
  });

  it('is open again afterwards, and locked for twice as long the next time', async () => {
    await world.rows(`update login_failures set locked_until = now() - interval '1 second'`);
    await fail('manager', 4);
    expect(await locked()).toHaveLength(0);
    await fail('manager', 1);
    const [{ locks, minutes } = {}] = await locked();
    expect(locks).toBe(2);
    expect(Number(minutes)).toBeGreaterThan(29);
    expect(Number(minutes)).toBeLessThanOrEqual(30);
    await world.rows(`update login_failures set locked_until = now() - interval '1 second'`);
    expect((await login('manager')).status).toBe(200);
    const left = await world.rows('select 1 from login_failures where locks > 1');
    expect(left).toEqual([]);
  });

  it('counts guesses that come at once', async () => {
    await Promise.all(Array.from({ length: 12 }, () => login('agent', 'wrong')));
    expect((await login('agent')).status).toBe(401);
    await world.rows('delete from login_failures');
  });

  it('is counted anew after a quarter of an hour', async () => {
    await fail('agent', 4);
    await world.rows(`update login_failures set since = since - interval '15 minutes'`);
    await fail('agent', 1);
    expect((await login('agent')).status).toBe(200);
  });
});

describe('a new password', () => {
  const words = ['Correct-horse-2', 'Correct-horse-3', 'Correct-horse-4', 'Correct-horse-5'];

  it('ends all other sessions, and the old one no longer opens the door', async () => {
    const [one, other] = [await signedIn('lead'), await signedIn('lead')];
    expect((await change(one.accessToken, password, 'Correct-horse-1a')).status).toBe(204);
    expect(await statusesOf([one.accessToken, other.accessToken])).toEqual([200, 401]);
    expect((await login('lead')).status).toBe(401);
    expect((await login('lead', 'Correct-horse-1a')).status).toBe(200);
  });

  it('is none of the last five', async () => {
    const { accessToken } = await signedIn('lead', 'Correct-horse-1a');
    let present = 'Correct-horse-1a';
    for (const word of words) {
      expect((await change(accessToken, present, word)).status).toBe(204);
      present = word;
    }
    for (const past of [present, 'Correct-horse-1a']) {
      const refused = await change(accessToken, present, past);
      expect(refused.status).toBe(422);
      expect(problemOf(refused).errors).toMatchObject([
        { pointer: '/newPassword', code: 'used_before' },
      ]);
    }
    expect((await change(accessToken, present, password)).status).toBe(204);
  });

  it('is refused with everything that is wrong with it; a wrong present one is, too', async () => {
    const { accessToken } = await signedIn('agent');
    const refused = await change(accessToken, password, 'agent');
    expect(refused.status).toBe(422);
    expect(problemOf(refused).errors?.map(({ code }) => code)).toEqual([
      ...['too_short', 'too_plain', 'too_common', 'tells_owner'],
    ]);
    const wrong = await change(accessToken, 'wrong', 'Another-horse-1');
    expect(problemOf(wrong).errors).toMatchObject([{ pointer: '/currentPassword' }]);
    expect((await login('agent')).status).toBe(200);
  });

  it('is all that is possible when it is due, by age or because another chose the old one', async () => {
    const due = async (sql: string) => {
      await world.rows(sql);
      const { accessToken } = await signedIn('agent');
      const answer = await me(accessToken);
      expect([answer.status, problemOf(answer).code]).toEqual([403, 'password_change_required']);
      return accessToken;
    };
    await due(`update organizations set settings = settings || '{"passwordMaxAgeDays": 90}';
               update users set password_changed_at = now() - interval '91 days'`);
    const token = await due(`update organizations set settings = settings - 'passwordMaxAgeDays';
                             update users set must_change_password = true`);
    expect((await change(token, password, 'Another-horse-1')).status).toBe(204);
    expect((await me(token)).status).toBe(200);
  });
});
