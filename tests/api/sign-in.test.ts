import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { composeApp } from '../../api/compose';
import { defaultLimits } from '../../api/http/admission';
import { processes } from '../../workflows/registry';
import { openWorld, password, secret, type World } from '../harness';

const Tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresInSeconds: z.literal(600),
  user: z.object({
    name: z.string(),
    role: z.string(),
    organization: z.object({ slug: z.string() }),
  }),
});

const Problem = z.object({ code: z.string(), title: z.string(), detail: z.string() });

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const post = (path: string, body: object) =>
  supertest(world.app).post(`/api/v1/auth/${path}`).send(body);
const addressOf = (name: string) => `${name}@${world.slug}.example`;
const login = async (email = addressOf('agent')) =>
  Tokens.parse((await post('login', { email, password })).body);
const refresh = (refreshToken: string) => post('refresh', { refreshToken });
const codeOf = (response: Response) => z.object({ code: z.string() }).parse(response.body).code;

describe('POST /auth/login', () => {
  it('gives tokens and says who one is; the case of the address does not matter', async () => {
    const { user } = await login(addressOf('agent').toUpperCase());
    expect(user).toEqual({ name: 'agent', role: 'agent', organization: { slug: world.slug } });
  });

  it('says the same of an unknown address and of a wrong password', async () => {
    const wrong = await post('login', { email: addressOf('agent'), password: 'wrong' });
    const unknown = await post('login', { email: addressOf('nobody'), password });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const said = ({ body }: Response) => Problem.parse(body);
    expect(said(wrong)).toEqual(said(unknown));
  });

  it('lets nobody in who is not active', async () => {
    await world.rows('update users set is_active = false where email = $1', [addressOf('manager')]);
    const response = await post('login', { email: addressOf('manager'), password });
    expect(codeOf(response)).toBe('unauthenticated');
  });

  it('is limited for each address, by a count that all processes share', async () => {
    const quota = 4;
    const limits = { ...defaultLimits, perAddress: { name: 'few', quota, windowSeconds: 86_400 } };
    const { database, engine, log } = world;
    const knock = async () => {
      const parts = { database, engine, processes, secret, log, options: { limits } };
      const door = supertest(composeApp(parts));
      return (await door.post('/api/v1/auth/login').send({})).status;
    };
    const statuses = [await knock(), await knock(), await knock(), await knock(), await knock()];
    expect(statuses).toEqual([422, 422, 422, 422, 429]);
  });
});

describe('POST /auth/refresh', () => {
  it('gives the next tokens, each good once', async () => {
    const first = await login();
    const second = Tokens.parse((await refresh(first.refreshToken)).body);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await refresh(second.refreshToken)).status).toBe(200);
  });

  it('allows two tabs to send the same token within ten seconds', async () => {
    const { refreshToken } = await login();
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('ends the whole session when a used token comes back later', async () => {
    const first = await login();
    const second = Tokens.parse((await refresh(first.refreshToken)).body);
    await world.rows(`update refresh_tokens set used_at = used_at - interval '11 seconds'`);
    expect(codeOf(await refresh(first.refreshToken))).toBe('unauthenticated');
    expect(codeOf(await refresh(second.refreshToken))).toBe('unauthenticated');
  });

  it('refuses an expired token, and one that was made up', async () => {
    const { refreshToken } = await login();
    await world.rows('update refresh_tokens set expires_at = now()');
    expect(codeOf(await refresh(refreshToken))).toBe('unauthenticated');
    expect(codeOf(await refresh(refreshToken.replace(/.$/, '_')))).toBe('unauthenticated');
    expect(codeOf(await refresh('rubbish'))).toBe('unauthenticated');
  });

  it('keeps only the hash of a token', async () => {
    const { refreshToken } = await login();
    const rows = await world.rows('select * from refresh_tokens');
    expect(JSON.stringify(rows)).not.toContain(refreshToken.split('.')[1]);
  });

  it('ends with the account', async () => {
    const { refreshToken } = await login(addressOf('colleague'));
    await world.rows('update users set is_active = false where email = $1', [
      addressOf('colleague'),
    ]);
    expect(codeOf(await refresh(refreshToken))).toBe('unauthenticated');
  });
});

describe('POST /auth/logout', () => {
  it('ends the session; once more is no error', async () => {
    const { refreshToken } = await login();
    expect((await post('logout', { refreshToken })).status).toBe(204);
    expect((await post('logout', { refreshToken })).status).toBe(204);
    expect(codeOf(await refresh(refreshToken))).toBe('unauthenticated');
  });
});
