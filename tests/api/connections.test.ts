/** Connections to other systems, as administrators keep them: nothing secret comes out again. */
import { z } from 'zod';
import { changesRoles, refusePlanBeyond } from '../../models/fulfilment/rights';
import { undoOf } from '../../models/fulfilment/activities';
import type { AutomaticTask } from '../../models/fulfilment/shape';
import { rightsAt } from '../../models/users/escalation';
import { permissionsIn } from '../../models/users/permissions';
import { processes } from '../../workflows/registry';
import { openWorld, type World } from '../harness';
import { answering, startPeer, type Peer } from '../peer';

const someText: unknown = expect.any(String);
const someNumber: unknown = expect.any(Number);
const refusal: unknown = expect.stringContaining('HOLDFAST_CONNECTION_HOSTS');
const Activities = z.object({ data: z.array(z.looseObject({ name: z.string() })) });
const Made = z.looseObject({ id: z.string(), revision: z.int() });

let world: World;
let peer: Peer;
let admin: Awaited<ReturnType<World['as']>>;
beforeAll(async () => {
  peer = await startPeer();
  world = await openWorld({ worker: false, connectionHosts: [peer.host] });
  admin = await world.as('admin');
});
afterAll(async () => {
  await world.close();
  await peer.close();
});

let made = 0;
const shared = 'S3cr3t-between-both';
const wishOf = (given: object = {}) => ({
  ...{ name: `idm-${(made += 1)}`, baseUrl: 'https://idm.example/api', secret: shared },
  ...{ headers: { Authorization: 'Bearer S3cr3t' }, ...given },
});
async function connection(given: object = {}) {
  const answer = await admin.post('/connections', wishOf(given));
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return Made.parse(answer.body);
}

describe('a connection', () => {
  it('is shown without what is secret of it, to its maker, in lists, and in the audit log', async () => {
    const shown = await connection();
    expect(shown).toMatchObject({
      ...{ baseUrl: 'https://idm.example/api', isSigned: true, headerNames: ['authorization'] },
      ...{ secretGivenAt: someText, isActive: true, revision: 1 },
    });
    await admin.patch(`/connections/${shown.id}`, { secret: 'S3cr3t-that-is-new' });
    const texts = await Promise.all(
      [`/connections/${shown.id}`, '/connections', '/audit-events'].map((path) => admin.get(path)),
    );
    for (const { status, text } of texts) {
      expect(status).toBe(200);
      expect(text).not.toContain('S3cr3t');
    }
    const [row] = await world.rows('select * from connections where id = $1', [shown.id]);
    expect(JSON.stringify(row)).not.toContain('S3cr3t');
  });

  it('leaves its secrets out of the export of the organization', async () => {
    await connection({ name: 'exported' });
    const { status, text } = await admin.post('/organization/actions/export', {});
    expect(status).toBe(200);
    expect(text).toContain('"exported"');
    expect(text).not.toMatch(/signing_secret"|headers_secret"/);
  });

  it('says on record that a secret was given anew', async () => {
    const { id } = await connection();
    await admin.patch(`/connections/${id}`, { secret: 'S3cr3t-that-is-new' });
    const events = await admin.get(
      `/audit-events?filter[action]=connection.edited&sort=-at&limit=1`,
    );
    expect(events.body).toMatchObject({
      data: [{ target: { id }, after: { secretGivenAt: someText } }],
    });
  });

  it.each([
    [{ baseUrl: 'http://idm.example' }, '/baseUrl'],
    [{ baseUrl: 'https://me:pass@idm.example' }, '/baseUrl'],
    [{ name: 'Two Words' }, '/name'],
    [{ secret: 'short' }, '/secret'],
    [{ headers: { Host: 'elsewhere.example' } }, '/headers/host'],
    [{ headers: { 'Idempotency-Key': 'x' } }, '/headers/idempotency-key'],
    [{ headers: { 'x-a': 'b\r\nx-c: d' } }, '/headers/x-a'],
  ])('is refused as %j', async (given, pointer) => {
    const answer = await admin.post('/connections', wishOf(given));
    expect(answer.status).toBe(422);
    expect(answer.text.toLowerCase()).toContain(pointer.toLowerCase());
  });

  it('keeps its name, and has one of its own', async () => {
    const { id } = await connection({ name: 'payroll' });
    expect((await admin.patch(`/connections/${id}`, { name: 'wages' })).status).toBe(422);
    expect((await admin.post('/connections', wishOf({ name: 'payroll' }))).status).toBe(409);
  });

  it('is not led to another host together with secrets that nobody gave anew', async () => {
    const { id } = await connection();
    const edit = (body: object) => admin.patch(`/connections/${id}`, body);
    const baseUrl = 'https://evil.example';
    expect((await edit({ baseUrl })).status).toBe(422);
    expect((await edit({ baseUrl, secret: null })).status).toBe(422);
    expect((await edit({ baseUrl, headers: {} })).status).toBe(422);
    expect((await edit({ baseUrl: 'https://idm.example/other' })).status).toBe(200);
    expect((await edit({ baseUrl, secret: null, headers: {} })).status).toBe(200);
  });

  it('is nobody’s but an administrator’s', async () => {
    const manager = await world.as('manager');
    expect((await manager.get('/connections')).status).toBe(403);
    expect((await manager.post('/connections', wishOf())).status).toBe(403);
  });
});

describe('a connection that is tried out', () => {
  const test = async (id: string, body: object = {}) =>
    (await admin.post(`/connections/${id}/actions/test`, body)).body as object;

  it('says whether there is an answer, and with what status', async () => {
    const { id } = await connection({ baseUrl: `${peer.url}/api` });
    peer.answers(answering(404, 'S3cr3t'), (response) => response.destroy());
    expect(await test(id, { path: '/health' })).toEqual({
      ...{ isReached: true, status: 404, milliseconds: someNumber, error: null },
    });
    expect(peer.asked).toMatchObject([
      { method: 'GET', path: '/api/health', headers: { authorization: 'Bearer S3cr3t' } },
    ]);
    expect(await test(id)).toMatchObject({ isReached: false, status: null, error: 'ECONNRESET' });
  });

  it('reaches nothing inside', async () => {
    const port = peer.host.split(':')[1] ?? '';
    for (const host of [`localhost:${port}`, `[::ffff:127.0.0.1]:${port}`, '169.254.169.254']) {
      peer.answers();
      const { id } = await connection({ baseUrl: `https://${host}` });
      expect(await test(id)).toMatchObject({
        ...{ isReached: false, error: refusal },
      });
      expect(peer.asked).toEqual([]);
    }
  });
});

it('what tasks may run is told to everybody who designs', async () => {
  const answer = await (await world.as('agent')).get('/fulfilment-activities');
  const { data } = Activities.parse(answer.body);
  expect(data.map(({ name }) => name)).toContain('http.call');
  expect(data.find(({ name }) => name === 'team.join')).toMatchObject({
    input: { type: 'object', required: ['userId', 'teamId'] },
    undoneBy: { activity: 'team.leave', keeps: ['userId', 'teamId'], resultAs: 'joined' },
  });
});

describe('whoever publishes a plan', () => {
  const all = permissionsIn(processes.map(({ declaration }) => declaration));
  const reference = '{answers.person}';
  const taskOf = (
    activity: string,
    input: AutomaticTask['input'],
    undo: 'own' | 'none' = 'none',
  ) => ({
    ...{ key: 'task', title: 'Task', after: [], when: null, notBeforeDays: null },
    ...{ kind: 'automatic' as const, activity, input, attempts: 3 },
    undo: undo === 'own' ? undoOf('task', activity, input) : null,
  });
  const publish = (name: string, ...tasks: AutomaticTask[]) =>
    world.database.inOrganization(world.organizationId, async (tx) => {
      const id = world.id('person', name);
      const rights = await rightsAt(tx, id, await tx.now());
      if (!rights) throw new Error(`There is no ${name}`);
      const publisher = { id, ...rights };
      await refusePlanBeyond(tx, publisher, { plan: { tasks }, at: '/fulfilment' }, all);
    });
  const roleNamed = async (name: string) => {
    const rows = await world.rows('select id from roles where organization_id = $1 and name = $2', [
      ...[world.organizationId, name],
    ]);
    return String(rows[0]?.['id']);
  };
  const join = taskOf('team.join', { userId: reference, teamId: '{answers.team}' }, 'own');

  it('must hold what it needs', async () => {
    const { name } = await connection({ name: 'directory' });
    const call = taskOf('http.call', { connection: String(name), method: 'GET', path: '/' });
    for (const task of [join, call]) {
      await expect(publish('manager', task)).rejects.toMatchObject({ code: 'forbidden' });
      await publish('admin', task);
    }
    const mail = taskOf('mail.send', { to: reference, subject: 'Hello', text: 'Hello' });
    await publish('manager', mail);
  });

  it('must hold what a role gives, and what is taken from whomever', async () => {
    const holder = await admin.post('/roles', { name: 'Keeper', permissions: ['role:manage'] });
    const { id } = Made.parse(holder.body);
    await admin.put(`/users/${world.id('person', 'manager')}/roles/${id}`, { validUntil: null });
    const input = { userId: reference, roleId: id };
    await publish('manager', taskOf('role.give', input, 'own'));
    await expect(publish('manager', taskOf('role.take', input))).rejects.toThrow('do not have');
    await publish('admin', taskOf('role.take', input, 'own'));
    const administrator = { userId: reference, roleId: await roleNamed('Administrator') };
    const given = taskOf('role.give', { ...administrator, until: '2090-01-01T00:00:00Z' });
    await expect(publish('manager', given)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(publish('admin', taskOf('role.give', administrator))).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('must hold what undoing takes, unless it only takes back', async () => {
    const { id } = Made.parse(
      (await admin.post('/roles', { name: 'Reader', permissions: ['role:manage'] })).body,
    );
    const own = taskOf('role.give', { userId: reference, roleId: id }, 'own');
    await publish('manager', own);
    const undo = { activity: 'role.take', input: { userId: '{answers.victim}', roleId: id } };
    await expect(publish('manager', { ...own, undo })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['http.call', { connection: '{answers.system}', method: 'GET', path: '/' }],
    ['http.call', { connection: 'nowhere', method: 'GET', path: '/' }],
    ['role.give', { userId: '{answers.person}', roleId: '{answers.role}' }],
    ['role.give', { userId: '{answers.person}', roleId: 'Administrator' }],
  ])('leaves it to nobody who orders: %s %j', async (activity, input) => {
    await expect(publish('admin', taskOf(activity, input))).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('proves anew who they are when it changes roles', () => {
    expect(changesRoles({ tasks: [join] })).toBe(false);
    const undo = { activity: 'role.take', input: {} };
    expect(changesRoles({ tasks: [{ ...join, undo }] })).toBe(true);
  });
});
