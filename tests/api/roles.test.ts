/** Roles made from permissions, given for a while, and never beyond what the giver holds. */
import fc from 'fast-check';
import { z } from 'zod';
import { answersOf, permissionOf, type ProcessDeclaration } from '../../workflows/process';
import { processes } from '../../workflows/registry';
import { openWorld, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Role = z.looseObject({
  id: z.string(),
  name: z.string(),
  isProtected: z.boolean(),
  permissions: z.array(z.string()),
});
const Roles = z.object({ data: z.array(Role) });
const Me = z.object({ permissions: z.array(z.string()) });

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

let made = 0;
const newRole = async (permissions: readonly string[], by: Caller = admin) => {
  const answer = await by.post('/roles', { name: `role ${(made += 1)}`, permissions });
  return { status: answer.status, ...Role.partial().parse(answer.body) };
};
const roleOf = async (permissions: readonly string[]) => (await newRole(permissions)).id ?? '';
const person = (name: string) => world.id('person', name);
const rolePath = (name: string, roleId: string) => `/users/${person(name)}/roles/${roleId}`;
const give = (name: string, roleId: string, validUntil: string | null = null, by = admin) =>
  by.put(rolePath(name, roleId), { validUntil });
const held = async (caller: Caller) => Me.parse((await caller.get('/me')).body).permissions;
const protectedRole = async (name: string) =>
  Roles.parse((await admin.get('/roles?limit=100')).body).data.find((role) => role.name === name)
    ?.id ?? '';
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

const isOpenedByAll = ({ opening }: ProcessDeclaration) =>
  opening.role === 'end_user' && opening.by === undefined;

describe('the four protected roles', () => {
  it('are there from the first moment on, with what they give', async () => {
    const all = Roles.parse((await admin.get('/roles?filter[isProtected]=true')).body).data;
    expect(all.map(({ name }) => name)).toEqual(['Administrator', 'Agent', 'End user', 'Manager']);
    const gives = processes.flatMap(({ declaration }) => [
      `${declaration.type}:read`,
      ...(isOpenedByAll(declaration) ? [`${declaration.type}:open`] : []),
      ...answersOf(declaration).map((answer) => permissionOf(declaration, answer)),
    ]);
    expect(all.find(({ name }) => name === 'End user')?.permissions).toEqual(
      [...new Set([...gives, 'catalog:order', 'catalog:read', 'known-error:read'])].sort(),
    );
  });

  it('are neither changed nor deleted', async () => {
    const id = await protectedRole('Agent');
    expect((await admin.patch(`/roles/${id}`, { name: 'Spy' })).status).toBe(409);
    expect((await admin.delete(`/roles/${id}`)).status).toBe(409);
    const edit = world.rows(`update roles set name = 'Spy' where base = 'agent'`);
    await expect(edit).rejects.toThrow('a protected role stays as it is');
  });

  it('are given beside the own one only for a while', async () => {
    const agent = await protectedRole('Agent');
    expect((await give('stranger', agent)).status).toBe(422);
    const stranger = await world.as('stranger');
    expect((await stranger.get('/roles')).status).toBe(403);
    expect((await give('stranger', agent, inAnHour())).status).toBe(204);
    expect((await stranger.get('/roles')).status).toBe(200);
    await world.rows(`update role_assignments set valid_until = now() - interval '1 second'`);
    expect((await stranger.get('/roles')).status).toBe(403);
  });
});

describe('a role that the organization made', () => {
  it('acts on the next request, and no longer once it is taken, inactive or over', async () => {
    const user = await world.as('user');
    const role = await roleOf(['user:read']);
    const reads = async () => (await user.get('/users?filter[role]=agent')).status;
    expect(await reads()).toBe(403);
    await give('user', role);
    expect(await reads()).toBe(200);
    await admin.patch(`/roles/${role}`, { isActive: false });
    expect(await reads()).toBe(403);
    await admin.patch(`/roles/${role}`, { isActive: true });
    expect(await reads()).toBe(200);
    await admin.delete(rolePath('user', role));
    expect(await reads()).toBe(403);
  });

  it('gives rights to tickets, too: those of others, and commands', async () => {
    const user = await world.as('stranger');
    const opened = await admin.post('/incidents', {
      title: 'No network',
      description: 'None.',
      impact: 'low',
      urgency: 'low',
    });
    const { id } = z.object({ id: z.string() }).parse(opened.body);
    expect((await user.get(`/incidents/${id}`)).status).toBe(404);
    await give('stranger', await roleOf(['incident:all', 'incident:cancel']));
    const seen = await user.get(`/incidents/${id}`);
    expect(seen.body).toMatchObject({ allowed: ['cancel'] });
  });

  it.each([
    [{ permissions: ['incident:dance'] }, '/permissions/0'],
    [{ permissions: ['incident:read', 'incident:read'] }, '/permissions'],
    [{ name: '' }, '/name'],
  ])('is refused: %j', async (wrong, pointer) => {
    const answer = await admin.post('/roles', { name: 'wrong', permissions: [], ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });

  it('is not deleted while somebody has it', async () => {
    const role = await roleOf(['user:read']);
    await give('user', role);
    expect((await admin.delete(`/roles/${role}`)).status).toBe(409);
    await admin.delete(rolePath('user', role));
    expect((await admin.delete(`/roles/${role}`)).status).toBe(204);
  });

  it('is given to a new person by id; the highest protected one is their own', async () => {
    const roleIds = [await roleOf(['audit:read']), await protectedRole('Agent')];
    const body = { name: 'Grace', email: `grace@${world.slug}.example`, roleIds };
    const answer = await admin.post('/users', body);
    expect(answer.body).toMatchObject({ role: 'agent' });
    const { id } = z.object({ id: z.string() }).parse(answer.body);
    const given = await admin.get(`/users/${id}/roles`);
    expect(given.body).toMatchObject({ data: [{ role: { id: roleIds[0] }, validUntil: null }] });
  });
});

describe('somebody who may manage people and roles but holds little else', () => {
  let clerk: Caller;
  beforeAll(async () => {
    clerk = await world.as('agent');
    await give('agent', await roleOf(['user:manage', 'role:manage']));
  });

  it('makes no administrator, of nobody', async () => {
    const body = { name: 'x', email: `x@${world.slug}.example`, role: 'admin' };
    expect((await clerk.post('/users', body)).status).toBe(403);
    expect((await clerk.patch(`/users/${person('user')}`, { role: 'manager' })).status).toBe(403);
    const roleIds = [await protectedRole('Administrator')];
    expect((await clerk.post('/users', { ...body, role: 'agent', roleIds })).status).toBe(403);
    expect((await give('user', roleIds[0] ?? '', inAnHour(), clerk)).status).toBe(403);
  });

  it('does not get at the account of somebody who holds more', async () => {
    const path = `/users/${person('admin')}`;
    const reset = { password: 'Correct-horse-2' };
    expect((await clerk.patch(path, { email: 'mine@evil.example' })).status).toBe(403);
    expect((await clerk.post(`${path}/actions/reset-password`, reset)).status).toBe(403);
    expect((await clerk.post(`${path}/actions/deactivate`)).status).toBe(403);
    expect((await clerk.patch(`/users/${person('user')}`, { title: 'Dr' })).status).toBe(200);
  });

  it('changes no role that gives more, and makes none', async () => {
    const role = await roleOf(['audit:read']);
    expect((await clerk.patch(`/roles/${role}`, { name: 'mine' })).status).toBe(403);
    expect((await newRole(['audit:read'], clerk)).status).toBe(403);
    expect((await newRole(['user:manage', 'incident:resolve'], clerk)).status).toBe(201);
  });

  it('makes nothing last longer than what it was given', async () => {
    const short = await roleOf(['audit:read']);
    await give('agent', short, inAnHour());
    expect(await held(clerk)).toContain('audit:read');
    expect((await give('user', short, null, clerk)).status).toBe(403);
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect((await give('agent', short, later, clerk)).status).toBe(403);
    expect(
      (await give('user', short, new Date(Date.now() + 60_000).toISOString(), clerk)).status,
    ).toBe(204);
    await admin.delete(rolePath('agent', short));
  });
});

describe('whatever people do who do not hold everything', () => {
  const names = ['audit:read', 'user:read', 'user:manage', 'role:manage', 'team:manage'];
  const Step = fc.record({
    who: fc.constantFrom('colleague', 'lead'),
    whom: fc.constantFrom('colleague', 'lead', 'user'),
    permissions: fc.subarray(names),
    act: fc.constantFrom('make', 'give', 'raise', 'widen'),
    role: fc.constantFrom('agent', 'manager', 'admin'),
  });

  it('together they never hold more than they held together before', async () => {
    const clerks = { colleague: await world.as('colleague'), lead: await world.as('lead') };
    const user = await world.as('user');
    await give('colleague', await roleOf(['user:manage', 'role:manage']));
    await give('lead', await roleOf(['role:manage', 'audit:read']));
    const everyone = [...Object.values(clerks), user];
    const union = async () => new Set((await Promise.all(everyone.map(held))).flat());
    const before = await union();
    const roleIds = [await roleOf([])];
    await fc.assert(
      fc.asyncProperty(fc.array(Step, { minLength: 1, maxLength: 12 }), async (steps) => {
        for (const { who, whom, permissions, act, role } of steps) {
          const by = clerks[who];
          if (act === 'make') roleIds.push((await newRole(permissions, by)).id ?? roleIds[0] ?? '');
          else if (act === 'raise') await by.patch(`/users/${person(whom)}`, { role });
          else if (act === 'give') await give(whom, roleIds.at(-1) ?? '', null, by);
          else await by.patch(`/roles/${roleIds.at(-1) ?? ''}`, { permissions });
        }
        const after = await union();
        expect([...after].filter((name) => !before.has(name))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
