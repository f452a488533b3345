/** A second factor: set up, asked for at the door, good once, lost and found. */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { composeApp } from '../../api/compose';
import { purgeExpired } from '../../models/purge';
import { processes } from '../../workflows/registry';
import { begun, codeOf, enrolled, forgetSteps, wrongCodeOf } from '../authenticator';
import { openWorld, password, secret as appSecret, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Tokens = z.object({ accessToken: z.string() });
const Challenge = z.strictObject({ secondFactorRequired: z.literal(true), challenge: z.string() });
const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterEach(async () => {
  await world.rows(`delete from login_failures; delete from second_factors;
                    delete from sign_in_challenges;
                    update organizations set settings = settings - 'secondFactorRequiredFor'`);
});
afterAll(() => world.close());

const addressOf = (name: string) => `${name}@${world.slug}.example`;
const knock = (path: string, body: object, app = world.app) =>
  supertest(app).post(`/api/v1/auth/${path}`).send(body);
const login = (name: string, word = password, app = world.app) =>
  knock('login', { email: addressOf(name), password: word }, app);
const challengeOf = async (name: string) => Challenge.parse((await login(name)).body).challenge;
const answer = (challenge: string, code: string) => knock('second-factor', { challenge, code });
const statusOf = async (challenge: string, code: string) => (await answer(challenge, code)).status;
const refusal = ({ status, body }: Response) => {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
};
const actsOn = async (name: string) => {
  const sql = 'select action from audit_events where target_id = $1 order by at, id';
  return (await world.rows(sql, [world.id('person', name)])).map(({ action }) => action);
};
const confirm = (caller: Caller, code: string) =>
  caller.post('/me/second-factor/actions/confirm', { code });

describe('setting it up', () => {
  it('takes the password and a code, and gives ten recovery codes; other sessions end', async () => {
    const [agent, elsewhere] = [await world.as('agent'), await world.as('agent')];
    const wrong = await agent.post('/me/second-factor', { password: 'wrong' });
    expect(refusal(wrong)).toEqual([422, 'invalid_input', '/password wrong_password']);
    const { secret, provisioningUri, qrCode } = await begun(agent);
    expect(new URL(provisioningUri).searchParams.get('secret')).toBe(secret);
    expect(qrCode).toMatch(/^<svg [^>]*viewBox/);
    expect((await agent.get('/me/second-factor')).body).toMatchObject({ onSince: null });
    expect(Tokens.parse((await login('agent')).body)).toBeTruthy();

    const guessed = await confirm(agent, wrongCodeOf(secret));
    expect(refusal(guessed)).toEqual([422, 'invalid_input', '/code wrong_code']);
    const confirmed = await confirm(agent, codeOf(secret));
    expect(confirmed.status).toBe(200);
    const { recoveryCodes } = z
      .object({ recoveryCodes: z.array(z.string().regex(/^([0-9a-f]{5}-){3}[0-9a-f]{5}$/)) })
      .parse(confirmed.body);
    expect(new Set(recoveryCodes).size).toBe(10);
    const standing = (await agent.get('/me/second-factor')).body as object;
    expect(standing).toMatchObject({ recoveryCodesLeft: 10, isRequired: false });
    expect(standing).toMatchObject({ onSince: expect.stringMatching(/Z$/) as string });
    expect((await elsewhere.get('/me')).status).toBe(401);
    expect(await actsOn('agent')).toEqual(['person.secondFactorTurnedOn']);
  });

  it('must begin before it is confirmed, and not long before', async () => {
    const agent = await world.as('agent');
    expect(refusal(await confirm(agent, '123456'))).toEqual([409, 'conflict']);
    const { secret } = await begun(agent);
    await world.rows(`update second_factors set proposed_at = now() - interval '31 minutes'`);
    expect(refusal(await confirm(agent, codeOf(secret)))).toEqual([409, 'conflict']);
  });

  it('replaces one that is on only when that was proved lately, and leaves it on until then', async () => {
    const agent = await world.as('agent');
    const old = await enrolled(world, agent);
    await world.rows('update sessions set factor_at = null');
    const stale = await agent.post('/me/second-factor', { password });
    expect(refusal(stale)).toEqual([403, 'step_up_required']);
    await agent.post('/me/step-up', { code: codeOf(old.secret) }).expect(204);
    const next = await begun(agent);
    expect(await statusOf(await challengeOf('agent'), codeOf(old.secret, 1))).toBe(200);
    expect((await confirm(agent, codeOf(next.secret))).status).toBe(200);
    await forgetSteps(world);
    const challenge = await challengeOf('agent');
    expect(await statusOf(challenge, codeOf(old.secret))).toBe(401);
    expect(await statusOf(challenge, old.recoveryCodes[0] ?? '')).toBe(401);
    expect(await statusOf(challenge, codeOf(next.secret))).toBe(200);
  });
});

describe('a code at the door', () => {
  it('is asked for after a right password only', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const [wrong, unknown] = [await login('agent', 'wrong'), await login('nobody')];
    expect([refusal(wrong), refusal(unknown)]).toEqual(Array(2).fill([401, 'unauthenticated']));
    const signedIn = await answer(await challengeOf('agent'), codeOf(secret));
    const { accessToken } = Tokens.parse(signedIn.body);
    const me = await supertest(world.app)
      .get('/api/v1/me')
      .set({ authorization: `Bearer ${accessToken}` });
    expect(me.status).toBe(200);
  });

  it('is refused for ever once it was used, and so are all before it', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const code = codeOf(secret, 1);
    expect(await statusOf(await challengeOf('agent'), code)).toBe(200);
    expect(await statusOf(await challengeOf('agent'), code)).toBe(401);
    expect(await statusOf(await challengeOf('agent'), codeOf(secret))).toBe(401);
  });

  it('lets one in of two that come with it at once, with one challenge or with two', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const [one, two] = [await challengeOf('agent'), await challengeOf('agent')];
    const code = codeOf(secret);
    const apart = await Promise.all([one, two].map((each) => statusOf(each, code)));
    expect(apart.sort()).toEqual([200, 401]);
    const same = await challengeOf('agent');
    const together = await Promise.all([0, 1, 2].map(() => statusOf(same, codeOf(secret, 1))));
    expect(together.sort()).toEqual([200, 401, 401]);
  });

  it('may be a recovery code, each once, also when two come at once', async () => {
    const agent = await world.as('agent');
    const [first = '', second = '', third = ''] = (await enrolled(world, agent)).recoveryCodes;
    const [one, two] = [await challengeOf('agent'), await challengeOf('agent')];
    const both = await Promise.all([one, two].map((each) => statusOf(each, first)));
    expect(both.sort()).toEqual([200, 401]);
    expect(await statusOf(await challengeOf('agent'), first)).toBe(401);
    const typed = second.toUpperCase().replaceAll('-', ' ');
    expect(await statusOf(await challengeOf('agent'), typed)).toBe(200);
    expect((await agent.get('/me/second-factor')).body).toMatchObject({ recoveryCodesLeft: 8 });
    const renewed = await agent.post('/me/second-factor/actions/renew-recovery-codes');
    expect(renewed.status).toBe(200);
    expect((await agent.get('/me/second-factor')).body).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await statusOf(await challengeOf('agent'), third)).toBe(401);
    const renew = () => agent.post('/me/second-factor/actions/renew-recovery-codes');
    await Promise.all([renew(), renew()]);
    expect((await agent.get('/me/second-factor')).body).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await actsOn('agent')).toContain('person.recoveryCodesRenewed');
  });

  it('is asked for, too, when the factor is turned on during the sign-in', async () => {
    const id = world.id('person', 'agent');
    const coming = await world.database.inOrganization(world.organizationId, async (tx) => {
      // As turning it on does, before anything else.
      await tx.rows('select 1 from users where id = $1 for update', [id]);
      const signingIn = login('agent').then(({ body }) => body as object);
      expect(await Promise.race([signingIn, pause(500, 'waits')])).toBe('waits');
      await tx.rows(
        `insert into second_factors (organization_id, user_id, secret, on_since, last_step)
         values ($1, $2, 'x', now(), 0)`,
        [tx.organizationId, id],
      );
      return { signingIn };
    });
    expect(Challenge.parse(await coming.signingIn)).toBeTruthy();
  });

  it('of somebody else opens nothing', async () => {
    const mine = await enrolled(world, await world.as('agent'));
    const theirs = await enrolled(world, await world.as('lead'));
    const challenge = await challengeOf('agent');
    expect(await statusOf(challenge, codeOf(theirs.secret))).toBe(401);
    expect(await statusOf(challenge, theirs.recoveryCodes[0] ?? '')).toBe(401);
    expect(await statusOf(challenge, codeOf(mine.secret))).toBe(200);
  });
});

describe('guessing codes', () => {
  it('locks the address with the fifth, whatever password comes in between', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    for (let k = 0; k < 5; k += 1) {
      expect(await statusOf(await challengeOf('agent'), wrongCodeOf(secret))).toBe(401);
    }
    expect((await login('agent')).status).toBe(401);
  });

  it('counts guesses that come at once, each before the next is looked at', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const challenges = await Promise.all(Array.from({ length: 8 }, () => challengeOf('agent')));
    await Promise.all(challenges.map((each) => statusOf(each, wrongCodeOf(secret))));
    const [counted] = await world.rows('select failures, locks from login_failures');
    expect(counted).toEqual({ failures: 0, locks: 1 });
    expect(await statusOf(await openChallenge(), codeOf(secret))).toBe(401);
    await world.rows('delete from login_failures');
    expect(await statusOf(await openChallenge(), codeOf(secret))).toBe(200);

    async function openChallenge() {
      const [row] = await world.rows('select token_hash, failures from sign_in_challenges');
      expect(row).toBeDefined();
      await world.rows('update sign_in_challenges set failures = 0');
      return challenges[0] ?? '';
    }
  });

  it('ends a challenge with the fifth, even if the address is unlocked', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const challenge = await challengeOf('agent');
    for (let k = 0; k < 5; k += 1) {
      expect(await statusOf(challenge, wrongCodeOf(secret))).toBe(401);
      await world.rows('delete from login_failures');
    }
    expect(await statusOf(challenge, codeOf(secret))).toBe(401);
    expect(await statusOf(await challengeOf('agent'), codeOf(secret))).toBe(200);
  });

  it('is told to the owner by mail when it locks the address, at the sign-in and later', async () => {
    const caller = await world.as('agent');
    const { secret } = await enrolled(world, caller);
    const kinds = async () => (await world.rows('select kind from mails')).map(({ kind }) => kind);
    const wrong = { code: wrongCodeOf(secret) };
    const ways = [
      async () => statusOf(await challengeOf('agent'), wrong.code),
      async () => (await caller.post('/me/step-up', wrong)).status,
      async () =>
        (
          await caller.post('/me/change-password', {
            currentPassword: 'wrong',
            newPassword: 'Other-horse-22',
          })
        ).status,
    ];
    for (const way of ways) {
      await world.rows('delete from mails');
      for (let k = 0; k < 4; k += 1) expect([401, 422]).toContain(await way());
      expect(await kinds()).toEqual([]);
      await way();
      await world.desk.settled();
      expect(await kinds()).toEqual(['lockout']);
      await world.rows('delete from login_failures');
    }
  });

  it('is forgotten with the right one', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const challenge = await challengeOf('agent');
    expect(await statusOf(challenge, wrongCodeOf(secret))).toBe(401);
    expect(await statusOf(challenge, codeOf(secret))).toBe(200);
    expect(await world.rows('select 1 from login_failures')).toEqual([]);
  });
});

describe('a challenge', () => {
  it.each([
    ['five minutes have passed', `update sign_in_challenges set expires_at = now()`],
    ['the password is another', `update users set password_changed_at = now()`],
    ['the second factor is gone', `delete from second_factors`],
  ])('is void when %s', async (_, sql) => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const challenge = await challengeOf('agent');
    await world.rows(sql);
    expect(await statusOf(challenge, codeOf(secret))).toBe(401);
  });

  it('is good once, is no refresh token, and is not kept as it is', async () => {
    const { secret } = await enrolled(world, await world.as('agent'));
    const challenge = await challengeOf('agent');
    const refreshed = await knock('refresh', { refreshToken: challenge });
    expect(refreshed.status).toBe(401);
    const kept = JSON.stringify(await world.rows('select * from sign_in_challenges'));
    expect(kept).not.toContain(challenge.split('.')[1]);
    expect(await statusOf(challenge, codeOf(secret))).toBe(200);
    expect(await statusOf(challenge, codeOf(secret, 1))).toBe(401);
    expect(await statusOf('nonsense', codeOf(secret, 1))).toBe(401);
  });

  it('is purged when it is over', async () => {
    await enrolled(world, await world.as('agent'));
    await challengeOf('agent');
    await world.rows(`update sign_in_challenges set expires_at = now() - interval '1 second'`);
    await challengeOf('agent');
    expect(await purgeExpired(world.database)).toBe(false);
    expect(await world.rows('select 1 from sign_in_challenges')).toHaveLength(1);
  });
});

describe('the policy', () => {
  const demand = (...roles: string[]) =>
    world.rows(
      `update organizations set settings = settings || jsonb_build_object(
         'secondFactorRequiredFor', $1::jsonb) where slug = $2`,
      [JSON.stringify(roles), world.slug],
    );

  it('acts at once, on open sessions, too, and on no other role', async () => {
    const [agent, user] = [await world.as('agent'), await world.as('user')];
    await demand('agent');
    const due = [403, 'second_factor_required'];
    expect(refusal(await agent.get('/incidents'))).toEqual(due);
    expect(refusal(await agent.get('/me/sessions'))).toEqual(due);
    expect((await user.get('/incidents')).status).toBe(200);
    expect((await agent.get('/me')).status).toBe(200);
    expect((await login('agent')).body).toMatchObject({ user: { mustSetUpSecondFactor: true } });

    const { secret } = await enrolled(world, agent);
    expect((await agent.get('/incidents')).status).toBe(200);
    const signedIn = await answer(await challengeOf('agent'), codeOf(secret));
    expect(signedIn.body).toMatchObject({ user: { mustSetUpSecondFactor: false } });
    expect(refusal(await agent.delete('/me/second-factor'))).toEqual([409, 'conflict']);
    await demand();
    expect((await agent.delete('/me/second-factor')).status).toBe(204);
    expect(Tokens.parse((await login('agent')).body)).toBeTruthy();
    expect(await actsOn('agent')).toContain('person.secondFactorTurnedOff');
  });

  it('comes after a new password that is due', async () => {
    const user = await world.as('user');
    await demand('end_user');
    await world.rows('update users set must_change_password = true where name = $1', ['user']);
    const begin = await user.post('/me/second-factor', { password });
    expect(refusal(begin)).toEqual([403, 'password_change_required']);
    const change = { currentPassword: password, newPassword: 'Battery-staple-9' };
    await user.post('/me/change-password', change).expect(204);
    expect(refusal(await user.get('/incidents'))).toEqual([403, 'second_factor_required']);
    expect((await user.post('/auth/logout-everywhere')).status).toBe(204);
  });
});

describe('the secrets', () => {
  it('stand in no log, no kept answer, no audit event, and in no row as they are', async () => {
    let log = '';
    const write = (line: string) => void (log += line);
    const { database, engine } = world;
    const parts = { database, engine, processes, secret: appSecret };
    const app = composeApp({ ...parts, log: pino({ level: 'trace' }, { write }) });
    const { accessToken } = Tokens.parse((await login('lead', password, app)).body);
    const post = (path: string, body: object) =>
      supertest(app)
        .post(`/api/v1/me/${path}`)
        .set({ authorization: `Bearer ${accessToken}`, 'idempotency-key': path })
        .send(body);
    const { secret } = z
      .object({ secret: z.string() })
      .parse((await post('second-factor', { password })).body);
    const code = codeOf(secret);
    const confirmed = await post('second-factor/actions/confirm', { code });
    const { recoveryCodes } = z
      .object({ recoveryCodes: z.array(z.string()) })
      .parse(confirmed.body);
    await post('step-up', { code: codeOf(secret, 1) }).expect(204);
    await post('step-up', { code }).expect(422);
    const { challenge } = Challenge.parse((await login('lead', password, app)).body);

    expect(log).toContain('/me/second-factor');
    const rows = await world.rows(
      `select jsonb_agg(to_jsonb(k))::text from idempotency_keys k
       union all select jsonb_agg(to_jsonb(f))::text from second_factors f
       union all select jsonb_agg(to_jsonb(r))::text from recovery_codes r
       union all select jsonb_agg(to_jsonb(c))::text from sign_in_challenges c
       union all select jsonb_agg(to_jsonb(a))::text from audit_events a`,
    );
    const everything = log + JSON.stringify(rows);
    // By itself: six digits may turn up within an id.
    expect(everything).not.toMatch(new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`));
    for (const told of [secret, ...recoveryCodes, challenge, password]) {
      expect(everything).not.toContain(told);
    }
    expect(await world.rows('select 1 from idempotency_keys')).toEqual([]);
  });

  it('are lost with the application’s secret; recovery codes still open the door', async () => {
    const { secret, recoveryCodes } = await enrolled(world, await world.as('agent'));
    const { database, engine, log } = world;
    const other = {
      database,
      engine,
      processes,
      secret: 'another secret of 32 characters, or more',
    };
    const app = composeApp({ ...other, log });
    const { challenge } = Challenge.parse((await login('agent', password, app)).body);
    const unread = await knock('second-factor', { challenge, code: codeOf(secret) }, app);
    expect(unread.body).toMatchObject({ detail: expect.stringMatching(/recovery code/) as string });
    expect(await world.rows('select 1 from login_failures')).toEqual([]);
    const saved = await knock('second-factor', { challenge, code: recoveryCodes[3] }, app);
    expect(saved.status).toBe(200);
  });
});
