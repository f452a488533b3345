/** Acts that need somebody who proved lately who they are, and how that is proved. */
import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { z } from 'zod';
import { codeOf, enrolled, wrongCodeOf } from '../authenticator';
import { openWorld, password, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
beforeEach(async () => {
  await world.rows('delete from second_factors; delete from login_failures');
  admin = await world.as('admin');
});
afterAll(() => world.close());

const refusal = ({ status, body }: Response) => {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
};
const stale = [403, 'step_up_required'];
const age = (text = '5 minutes 1 second') =>
  world.rows('update sessions set factor_at = now() - $1::interval', [text]);
const person = (name: string) => `/users/${world.id('person', name)}`;
const resetPassword = (name: string) =>
  admin.post(`${person(name)}/actions/reset-password`, { password: `Staple-${randomUUID()}` });
const stepUp = (proof: object) => admin.post('/me/step-up', proof);

describe('an act of weight', () => {
  const acts: [string, () => PromiseLike<Response>][] = [
    ['another role', () => admin.patch(person('colleague'), { role: 'manager' })],
    ['a password for another', () => resetPassword('stranger')],
    ['the end of a lost factor', () => admin.post(`${person('user')}/actions/reset-second-factor`)],
    ['the end of one’s own factor', () => admin.delete('/me/second-factor')],
    ['new recovery codes', () => admin.post('/me/second-factor/actions/renew-recovery-codes')],
  ];

  it.each(acts)('needs a proof of the last five minutes: %s', async (_, act) => {
    await age();
    expect(refusal(await act())).toEqual(stale);
    await stepUp({ password }).expect(204);
    expect((await act()).status).not.toBe(403);
  });

  it('is possible right after the sign-in and for five minutes; old sessions never proved', async () => {
    await age('4 minutes 50 seconds');
    expect((await resetPassword('stranger')).status).toBe(204);
    await world.rows('update sessions set factor_at = null');
    expect(refusal(await resetPassword('stranger'))).toEqual(stale);
  });

  it('is no edit that leaves the role as it is', async () => {
    await age();
    const { role } = z.object({ role: z.string() }).parse((await admin.get(person('lead'))).body);
    expect((await admin.patch(person('lead'), { role, title: 'Head' })).status).toBe(200);
    expect(refusal(await admin.patch(person('lead'), { role: 'admin' }))).toEqual(stale);
  });

  it('is making somebody with a role, too; the same key is good again after the proof', async () => {
    await age();
    const make = (role: string, key: string) => {
      const body = { name: role, email: `${role}@new.${world.slug}.example`, role };
      return admin.post('/users', body).set('idempotency-key', key);
    };
    expect((await make('end_user', randomUUID())).status).toBe(201);
    const key = randomUUID();
    expect(refusal(await make('admin', key))).toEqual(stale);
    await stepUp({ password }).expect(204);
    expect((await make('admin', key)).status).toBe(201);
  });

  it('needs the right before the proof', async () => {
    const agent = await world.as('agent');
    await age();
    const answer = await agent.post(`${person('user')}/actions/reset-second-factor`);
    expect(refusal(answer)).toEqual([403, 'forbidden']);
  });
});

describe('a proof', () => {
  it('is the code for whoever has a second factor, each once; the password is not enough', async () => {
    const { secret, recoveryCodes } = await enrolled(world, admin);
    await age();
    const word = await stepUp({ password });
    expect(refusal(word)).toEqual([422, 'invalid_input', '/code required']);
    expect(refusal(await resetPassword('stranger'))).toEqual(stale);
    const code = codeOf(secret);
    await stepUp({ code }).expect(204);
    expect((await resetPassword('stranger')).status).toBe(204);
    await age();
    const wrong = [422, 'invalid_input', '/code wrong_code'];
    expect(refusal(await stepUp({ code }))).toEqual(wrong);
    await stepUp({ code: recoveryCodes[0] }).expect(204);
    expect(refusal(await stepUp({ code: recoveryCodes[0] }))).toEqual(wrong);
  });

  it('counts for its own session only', async () => {
    const other = await world.as('admin');
    await age();
    await stepUp({ password }).expect(204);
    const answer = await other.post(`${person('user')}/actions/reset-second-factor`);
    expect(refusal(answer)).toEqual(stale);
  });

  it.each<[string, object, string]>([
    ['nothing', {}, ' '],
    ['both', { code: '123456', password }, ' '],
    ['a code without a second factor', { code: '123456' }, '/code wrong_code'],
    ['a wrong password', { password: 'wrong' }, '/password wrong_password'],
  ])('is not %s', async (_, proof, issue) => {
    const [status, code, at] = refusal(await stepUp(proof));
    expect([status, code]).toEqual([422, 'invalid_input']);
    expect(at).toContain(issue);
  });

  it('that fails five times is locked like a sign-in', async () => {
    const { secret } = await enrolled(world, admin);
    await age();
    for (let k = 0; k < 5; k += 1) {
      expect((await stepUp({ code: wrongCodeOf(secret) })).status).toBe(422);
    }
    expect((await stepUp({ code: codeOf(secret) })).status).toBe(422);
    await world.rows('delete from login_failures');
    expect((await stepUp({ code: codeOf(secret) })).status).toBe(204);
  });
});

describe('a second factor that somebody has lost', () => {
  const reset = (name: string) => admin.post(`${person(name)}/actions/reset-second-factor`);
  const acts = () =>
    world.rows(`select target_name as name from audit_events
                 where action = 'person.secondFactorReset'`);

  it('is taken away by an administrator, with all sessions', async () => {
    const manager = await world.as('manager');
    await enrolled(world, manager);
    await expect(world.as('manager')).rejects.toThrow(/secondFactorRequired/);
    expect((await reset('manager')).status).toBe(204);
    expect((await manager.get('/me')).status).toBe(401);
    expect((await (await world.as('manager')).get('/me')).status).toBe(200);
    expect(await acts()).toEqual([{ name: 'manager' }]);
    expect(await world.rows('select 1 from recovery_codes')).toEqual([]);
  });

  it('is no act where there is none', async () => {
    const user = await world.as('user');
    expect((await reset('user')).status).toBe(204);
    expect((await user.get('/me')).status).toBe(200);
    expect(await acts()).toHaveLength(1);
    const nobody = await admin.post(`/users/${randomUUID()}/actions/reset-second-factor`);
    expect(refusal(nobody)).toEqual([404, 'not_found']);
  });
});
