/** Administrators make, edit and delete what tickets refer to; each act is recorded. */
import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Thing = z.looseObject({ id: z.string(), name: z.string(), revision: z.number() });
const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});
const Acts = z.object({
  data: z.array(
    z.object({
      action: z.string(),
      actor: z.object({ name: z.string() }),
      address: z.string(),
      target: z.object({ id: z.string(), name: z.string() }),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
});

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

const made = async (path: string, body: object) => {
  const answer = await admin.post(path, body);
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return Thing.parse(answer.body);
};
const refusal = ({ status, body }: Response) => {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
};
const actsOn = async (id: string) =>
  Acts.parse((await admin.get(`/audit-events?filter[target]=${id}&sort=at`)).body).data;

describe.each([
  ['services', { name: 'Print', description: 'Paper' }, { criticality: 'high' }],
  ['categories', { name: 'Printers' }, { isActive: false }],
  ['locations', { name: 'Berlin', timezone: 'Europe/Berlin' }, { timezone: null }],
  ['teams', { name: 'Facilities' }, { name: 'Buildings' }],
] as const)('%s', (path, body, edit) => {
  it('are made, edited by revision and deleted, and each act is recorded', async () => {
    const thing = await made(`/${path}`, body);
    expect(thing).toMatchObject({ ...body, isActive: true, revision: 1 });
    const read = await admin.get(`/${path}/${thing.id}`);
    expect([read.headers['etag'], read.body]).toEqual(['"1"', thing]);

    const edited = await admin.patch(`/${path}/${thing.id}`, edit).set('if-match', '"1"');
    expect([edited.status, edited.headers['etag']]).toEqual([200, '"2"']);
    expect(edited.body).toEqual({ ...thing, ...edit, revision: 2 });
    const stale = await admin.patch(`/${path}/${thing.id}`, edit).set('if-match', '"1"');
    expect(refusal(stale)).toEqual([412, 'stale_version']);

    const gone = await admin.delete(`/${path}/${thing.id}`).set('if-match', '"2"');
    expect(gone.status).toBe(204);
    expect(refusal(await admin.get(`/${path}/${thing.id}`))).toEqual([404, 'not_found']);
    const acts = await actsOn(thing.id);
    expect(acts.map(({ action }) => action.split('.')[1])).toEqual([
      'created',
      'edited',
      'deleted',
    ]);
    expect(acts[0]).toMatchObject({ actor: { name: 'admin' }, before: null, after: body });
    expect(acts[1]).toMatchObject({ before: { revision: 1 }, after: { ...edit, revision: 2 } });
    expect(acts[2]).toMatchObject({ after: null });
  });

  it('are made once, however often the same request comes', async () => {
    const key = randomUUID();
    const ask = () => admin.post(`/${path}`, { ...body, name: 'Once' }).set('idempotency-key', key);
    const first = Thing.parse((await ask()).body);
    await world.rows('delete from idempotency_keys');
    expect((await ask()).body).toEqual(first);
    expect(await actsOn(first.id)).toHaveLength(1);
  });

  it('have names of their own', async () => {
    await made(`/${path}`, { ...body, name: 'Twice' });
    const taken = [409, 'conflict', '/name taken'];
    expect(refusal(await admin.post(`/${path}`, { ...body, name: 'Twice' }))).toEqual(taken);
    const other = await made(`/${path}`, { ...body, name: 'Other' });
    expect(refusal(await admin.patch(`/${path}/${other.id}`, { name: 'Twice' }))).toEqual(taken);
  });

  it.each(['manager', 'agent', 'user'])('are left alone by a %s', async (role) => {
    const caller = await world.as(role);
    const { id } = await made(`/${path}`, { ...body, name: `Safe from ${role}` });
    const answers = [
      await caller.post(`/${path}`, { ...body, name: 'Mine' }),
      await caller.patch(`/${path}/${id}`, edit),
      await caller.delete(`/${path}/${id}`),
      await caller.get('/audit-events'),
    ];
    expect(answers.map(refusal)).toEqual(answers.map(() => [403, 'forbidden']));
  });

  it('say what is wrong with the input', async () => {
    const wrong = await admin.post(`/${path}`, { name: ' ', colour: 'red' });
    expect(refusal(wrong).slice(0, 2)).toEqual([422, 'invalid_input']);
    expect(refusal(wrong)).toContain('/name too_small');
    const { id } = await made(`/${path}`, { ...body, name: 'Empty edit' });
    expect(refusal(await admin.patch(`/${path}/${id}`, {}))[0]).toBe(422);
    expect(refusal(await admin.patch(`/${path}/${randomUUID()}`, edit))).toEqual([
      404,
      'not_found',
    ]);
  });
});

describe('what refers to something else', () => {
  it.each([
    ['/services', { name: 'Foreign', teamId: 'team' }, '/teamId not_found'],
    ['/services', { name: 'Foreign', ownerId: 'person' }, '/ownerId not_found'],
    ['/categories', { name: 'Foreign', parentId: 'category' }, '/parentId not_found'],
    ['/teams', { name: 'Foreign', leadId: 'person' }, '/leadId not_found'],
  ])('refuses in %s what is of another organization: %j', async (path, body, issue) => {
    const other = await world.neighbour();
    const [[table]] = [{ team: 'teams', person: 'users', category: 'categories' }].map((tables) =>
      Object.entries(tables).flatMap(([kind, name]) =>
        Object.values(body).includes(kind) ? [name] : [],
      ),
    ) as [[string]];
    const [row] = await world.rows(`select id from ${table} where organization_id = $1 limit 1`, [
      other.organizationId,
    ]);
    const foreign = Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        name === 'name' ? value : String(row?.['id']),
      ]),
    );
    expect(refusal(await admin.post(path, foreign))).toEqual([422, 'invalid_input', issue]);
  });

  it('keeps what it refers to: that cannot be deleted', async () => {
    const team = world.id('team', 'Network');
    expect(refusal(await admin.delete(`/teams/${team}`))).toEqual([409, 'conflict']);
  });

  it('makes no circle of categories, also not when two moves come at once', async () => {
    const [a, b] = [
      await made('/categories', { name: 'A' }),
      await made('/categories', { name: 'B' }),
    ];
    const move = (id: string, parentId: string) => admin.patch(`/categories/${id}`, { parentId });
    expect(refusal(await move(a.id, a.id))).toEqual([422, 'invalid_input', '/parentId cycle']);
    const statuses = (await Promise.all([move(a.id, b.id), move(b.id, a.id)])).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 422]);
  });
});

describe('the members of a team', () => {
  const Team = z.object({ members: z.array(z.object({ id: z.string() })), revision: z.number() });

  it('join and leave, once, and it is recorded', async () => {
    const { id } = await made('/teams', { name: 'Night shift' });
    const userId = world.id('person', 'agent');
    const read = async () => Team.parse((await admin.get(`/teams/${id}`)).body);
    const join = () => admin.post(`/teams/${id}/members`, { userId });
    expect([(await join()).status, (await join()).status]).toEqual([204, 204]);
    expect(await read()).toEqual({
      members: [expect.objectContaining({ id: userId })],
      revision: 2,
    });
    expect((await admin.delete(`/teams/${id}/members/${userId}`)).status).toBe(204);
    expect(refusal(await admin.delete(`/teams/${id}/members/${userId}`))).toEqual([
      404,
      'not_found',
    ]);
    expect(await read()).toEqual({ members: [], revision: 3 });
    const nobody = await admin.post(`/teams/${id}/members`, { userId: randomUUID() });
    expect(refusal(nobody)).toEqual([422, 'invalid_input', '/userId not_found']);
    const acts = await actsOn(id);
    expect(acts.map(({ action }) => action)).toEqual([
      ...['team.created', 'team.membersChanged', 'team.membersChanged'],
    ]);
  });
});

it('what was done cannot be edited or deleted by the application', async () => {
  const edit = world.database.inOrganization(world.organizationId, (tx) =>
    tx.rows(`update audit_events set action = 'nothing.happened'`),
  );
  await expect(edit).rejects.toThrow('permission denied');
  const removal = world.database.inOrganization(world.organizationId, (tx) =>
    tx.rows('delete from audit_events'),
  );
  await expect(removal).rejects.toThrow('permission denied');
});
