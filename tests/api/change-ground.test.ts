/** Boards, freezes, maintenance windows and templates: made, edited, approved, and read by changes later. */
import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { z } from 'zod';
import { boardOf, freezesIn, maintenanceOf, markUsed, templateOf } from '../../models/changes/rows';
import type { Tx } from '../../models/database';
import { isOpen } from '../../models/sla/calendar';
import { openWorld, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Thing = z.looseObject({ id: z.string(), name: z.string(), revision: z.number() });
const Problem = z.object({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});
const Acts = z.object({
  data: z.array(
    z.object({ action: z.string(), target: z.object({ type: z.string(), name: z.string() }) }),
  ),
});

let world: World;
let manager: Caller;
let admin: Caller;
let mail: string;
let web: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  [manager, admin] = await Promise.all([world.as('manager'), world.as('admin')]);
  mail = world.id('service', 'Mail');
  web = Thing.parse((await admin.post('/services', { name: 'Web' })).body).id;
});
afterAll(() => world.close());

const made = async (path: string, body: object) => {
  const answer = await manager.post(path, body);
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return Thing.parse(answer.body);
};
const refusal = ({ status, body }: Response) => {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
};
const inside = <T>(work: (tx: Tx) => Promise<T>) =>
  world.database.inOrganization(world.organizationId, work);
const person = (name: string) => ({ id: world.id('person', name), name });

const sundays = { timezone: 'Europe/Berlin', weekly: { sun: [['02:00', '06:00']] } };
const board = () => ({
  kind: 'cab',
  chairId: person('manager').id,
  memberIds: [person('lead').id],
});
const freeze = () => ({
  ...{ from: '2026-12-20T00:00:00+01:00', until: '2027-01-02T00:00:00+01:00' },
  ...{ reason: 'The books are closed.', serviceIds: [mail] },
});
const template = () => ({
  ...{ title: 'Restart of the mail server', serviceIds: [mail], durationMinutes: 30 },
  risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
  plans: { implementation: 'Restart it.', backOut: 'Restart it again.' },
});

describe.each([
  ['boards', 'board', board, { kind: 'ecab' }],
  ['freezes', 'freeze', freeze, { reason: 'The audit.' }],
  ['maintenance-windows', 'maintenanceWindow', () => windowOf(mail), { name: 'Nights' }],
  ['change-templates', 'changeTemplate', template, { durationMinutes: 45 }],
] as const)('%s', (path, type, body, edit) => {
  it('are made, edited by revision and deleted by a manager, and each act is recorded', async () => {
    const thing = await made(`/${path}`, { ...body(), name: 'First' });
    expect(thing).toMatchObject({ name: 'First', revision: 1 });
    const read = await manager.get(`/${path}/${thing.id}`);
    expect([read.headers['etag'], read.body]).toEqual(['"1"', thing]);

    const edited = await manager.patch(`/${path}/${thing.id}`, edit).set('if-match', '"1"');
    expect([edited.status, edited.headers['etag']]).toEqual([200, '"2"']);
    expect(edited.body).toEqual({ ...thing, ...edit, revision: 2 });
    const stale = await manager.patch(`/${path}/${thing.id}`, edit).set('if-match', '"1"');
    expect(refusal(stale)).toEqual([412, 'stale_version']);

    const gone = await manager.delete(`/${path}/${thing.id}`).set('if-match', '"2"');
    expect(gone.status).toBe(204);
    expect(refusal(await manager.get(`/${path}/${thing.id}`))).toEqual([404, 'not_found']);
    const acts = await admin.get(`/audit-events?filter[target]=${thing.id}&sort=at`);
    expect(Acts.parse(acts.body).data).toMatchObject(
      ['created', 'edited', 'deleted'].map((did) => ({
        ...{ action: `${type}.${did}`, target: { type } },
      })),
    );
  });

  it('are made once, and have names of their own', async () => {
    const key = randomUUID();
    const ask = () =>
      manager.post(`/${path}`, { ...body(), name: 'Once' }).set('idempotency-key', key);
    const first = Thing.parse((await ask()).body);
    await world.rows('delete from idempotency_keys');
    expect((await ask()).body).toEqual(first);
    const again = await manager.post(`/${path}`, { ...body(), name: 'Once' });
    expect(refusal(again)).toEqual([409, 'conflict', '/name taken']);
  });

  it.each(['agent', 'user'])('are left alone by a %s', async (role) => {
    const caller = await world.as(role);
    const { id } = await made(`/${path}`, { ...body(), name: `Safe from ${role}` });
    const answers = [
      await caller.post(`/${path}`, { ...body(), name: 'Mine' }),
      await caller.patch(`/${path}/${id}`, edit),
      await caller.delete(`/${path}/${id}`),
    ];
    expect(answers.map(refusal)).toEqual(answers.map(() => [403, 'forbidden']));
    const isShown = path !== 'change-templates' || role === 'agent';
    expect((await caller.get(`/${path}/${id}`)).status).toBe(isShown ? 200 : 403);
  });

  it('name only what is there', async () => {
    const list = path === 'boards' ? 'memberIds' : 'serviceIds';
    const unknown = { [list]: [randomUUID()] };
    const answer = [422, 'invalid_input', `/${list}/0 not_found`];
    const wrong = { ...body(), name: 'Wrong', ...unknown };
    expect(refusal(await manager.post(`/${path}`, wrong))).toEqual(answer);
    const { id } = await made(`/${path}`, { ...body(), name: 'Right' });
    expect(refusal(await manager.patch(`/${path}/${id}`, unknown))).toEqual(answer);
  });
});

function windowOf(serviceId: string) {
  return { name: 'Sundays', serviceIds: [serviceId], definition: sundays };
}

describe('a board', () => {
  it('is changed as a whole list, and has only people who are there', async () => {
    const { id } = await made('/boards', { ...board(), name: 'Changes of its members' });
    const memberIds = [person('agent').id, person('colleague').id];
    const edited = await manager.patch(`/boards/${id}`, { memberIds });
    expect(edited.body).toMatchObject({ members: [person('agent'), person('colleague')] });
    expect(await inside((tx) => boardOf(tx, id))).toEqual({
      ...{ id, name: 'Changes of its members', kind: 'cab', isActive: true },
      chair: person('manager'),
      members: [person('agent'), person('colleague'), person('manager')],
    });
    await admin.post(`/users/${person('colleague').id}/actions/deactivate`).expect(204);
    const left = await inside((tx) => boardOf(tx, id));
    expect(left?.members).toEqual([person('agent'), person('manager')]);
    const chair = await manager.patch(`/boards/${id}`, { chairId: person('colleague').id });
    expect(refusal(chair)).toEqual([422, 'invalid_input', '/chairId not_found']);
    await world.rows('update users set is_active = false where id = $1', [person('manager').id]);
    const headless = await inside((tx) => boardOf(tx, id));
    await world.rows('update users set is_active = true where id = $1', [person('manager').id]);
    expect(headless).toMatchObject({ chair: null, members: [person('agent')] });
    expect(await inside((tx) => boardOf(tx, randomUUID()))).toBeUndefined();
  });

  it('forgets a member who is deleted', async () => {
    const leaver = Thing.parse(
      (await admin.post('/users', { name: 'Leaver', email: `l@${world.slug}.example` })).body,
    );
    const memberIds = [leaver.id];
    const { id } = await made('/boards', { ...board(), name: 'With a leaver', memberIds });
    await admin.post(`/users/${leaver.id}/actions/deactivate`).expect(204);
    await admin.delete(`/users/${leaver.id}`).expect(204);
    expect((await manager.get(`/boards/${id}`)).body).toMatchObject({ members: [] });
  });
});

describe('a freeze', () => {
  it('ends after it begins, also when only one of both is edited', async () => {
    const late = [422, 'invalid_input', '/until invalid'];
    const turned = { ...freeze(), name: 'Turned', until: freeze().from };
    expect(refusal(await manager.post('/freezes', turned))).toEqual(late);
    const { id } = await made('/freezes', { ...freeze(), name: 'Turned later' });
    for (const edit of [{ until: '2026-12-01T00:00:00Z' }, { from: '2027-02-01T00:00:00Z' }]) {
      expect(refusal(await manager.patch(`/freezes/${id}`, edit))).toEqual(late);
    }
    const far = await manager.patch(`/freezes/${id}`, { until: '9999-12-31T23:59:59-12:00' });
    expect(refusal(far)[0]).toBe(422);
  });

  it('is found by its time and its services, one of everything by any', async () => {
    await world.rows('delete from freezes where organization_id = $1', [world.organizationId]);
    const all = await made('/freezes', { ...freeze(), name: 'All', serviceIds: [] });
    const some = await made('/freezes', { ...freeze(), name: 'Some', serviceIds: [mail, web] });
    const find = (start: string, end: string, ids: string[]) =>
      inside(async (tx) => (await freezesIn(tx, { start, end }, ids)).map(({ id }) => id).sort());
    const [from, until] = ['2026-12-19T23:00:00.000Z', '2027-01-01T23:00:00.000Z'];
    const [before, after] = ['2026-12-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'];
    expect(await find(before, after, [web])).toEqual([all.id, some.id].sort());
    expect(await find(before, after, [])).toEqual([all.id]);
    expect(await find(before, after, [randomUUID()])).toEqual([all.id]);
    expect(await find(before, from, [web])).toEqual([]);
    expect(await find(until, after, [web])).toEqual([]);
    const [found] = await inside((tx) => freezesIn(tx, { start: before, end: after }, [mail]));
    expect([all, some].map(({ id }) => id)).toContain(found?.id);
    expect(found).toMatchObject({ from, until, reason: 'The books are closed.' });
    const whole = await inside((tx) => freezesIn(tx, { start: before, end: after }, [mail]));
    expect(whole.find(({ id }) => id === some.id)?.serviceIds).toEqual([mail, web].sort());
    expect(whole.find(({ id }) => id === all.id)?.serviceIds).toEqual([]);
  });

  it('keeps its services: one that is named cannot be deleted', async () => {
    const service = Thing.parse((await admin.post('/services', { name: 'Frozen' })).body);
    await made('/freezes', { ...freeze(), name: 'Keeps', serviceIds: [service.id] });
    expect(refusal(await admin.delete(`/services/${service.id}`))).toEqual([409, 'conflict']);
  });
});

describe('a maintenance window', () => {
  it.each([
    ['/definition/weekly', { timezone: 'UTC', weekly: {} }],
    ['/definition/weekly/mon/0/1', { timezone: 'UTC', weekly: { mon: [['08:00', '25:00']] } }],
    ['/definition/timezone', { ...sundays, timezone: 'Mars/Olympus' }],
  ])('refuses a calendar that is wrong at %s', async (pointer, definition) => {
    const answer = await manager.post('/maintenance-windows', { ...windowOf(mail), definition });
    expect(refusal(answer).slice(0, 2)).toEqual([422, 'invalid_input']);
    expect(refusal(answer)[2]).toMatch(new RegExp(`^${pointer} `));
  });

  it('is found by its services, with the calendar that the rules read', async () => {
    const own = await made('/maintenance-windows', { ...windowOf(web), name: 'Of the web' });
    const found = await inside((tx) => maintenanceOf(tx, [web]));
    expect(found).toEqual([
      { id: own.id, name: 'Of the web', serviceIds: [web], definition: sundays },
    ]);
    const [{ definition } = { definition: { timezone: 'UTC', weekly: {} } }] = found;
    expect(isOpen(definition, '2026-03-01T01:00:00.000Z')).toBe(true);
    expect(isOpen(definition, '2026-03-01T05:00:00.000Z')).toBe(false);
    expect(await inside((tx) => maintenanceOf(tx, []))).toEqual([]);
  });
});

describe('a template', () => {
  const act = (by: Caller, id: string, name: string) =>
    by.post(`/change-templates/${id}/actions/${name}`);

  it('is approved by somebody else than who wrote it last, and is a draft again once edited', async () => {
    const { id } = await made('/change-templates', { ...template(), name: 'Four eyes' });
    expect(refusal(await act(manager, id, 'approve'))).toEqual([403, 'forbidden']);
    const approved = await act(admin, id, 'approve').set('if-match', '"1"');
    expect([approved.status, approved.headers['etag']]).toEqual([200, '"2"']);
    expect(approved.body).toMatchObject({
      ...{ state: 'approved', version: 1, writtenBy: person('manager') },
      ...{ approvedBy: person('admin'), approvedAt: expect.any(String) as string },
    });
    expect(refusal(await act(admin, id, 'approve'))).toEqual([409, 'conflict']);

    const edited = await admin.patch(`/change-templates/${id}`, { title: 'Another' });
    expect(edited.body).toMatchObject({
      ...{ state: 'draft', version: 2, writtenBy: person('admin') },
      ...{ approvedBy: null, approvedAt: null, title: 'Another' },
    });
    expect(refusal(await act(admin, id, 'approve'))).toEqual([403, 'forbidden']);
    expect((await act(manager, id, 'approve')).body).toMatchObject({ version: 2 });
    const acts = await admin.get(`/audit-events?filter[target]=${id}&sort=at`);
    expect(Acts.parse(acts.body).data.map(({ action }) => action.split('.')[1])).toEqual([
      ...['created', 'approved', 'edited', 'approved'],
    ]);
  });

  it('is not approved at a revision that the caller did not see, nor without a plan', async () => {
    const { id } = await made('/change-templates', { ...template(), name: 'Unplanned', plans: {} });
    const stale = await act(admin, id, 'approve').set('if-match', '"7"');
    expect(refusal(stale)).toEqual([412, 'stale_version']);
    const unplanned = [409, 'conflict', '/plans/implementation missing'];
    expect(refusal(await act(admin, id, 'approve'))).toEqual(unplanned);
  });

  it('is approved and retired by nobody without the permission', async () => {
    const { id } = await made('/change-templates', { ...template(), name: 'Guarded' });
    const agent = await world.as('agent');
    for (const name of ['approve', 'retire'])
      expect(refusal(await act(agent, id, name))).toEqual([403, 'forbidden']);
  });

  it('that is retired stays so: no edit, no approval, no second end', async () => {
    const { id } = await made('/change-templates', { ...template(), name: 'Retired' });
    expect((await act(manager, id, 'retire')).body).toMatchObject({ state: 'retired' });
    const answers = [
      await manager.patch(`/change-templates/${id}`, { title: 'Back' }),
      await act(admin, id, 'approve'),
      await act(manager, id, 'retire'),
    ];
    expect(answers.map(refusal)).toEqual(answers.map(() => [409, 'conflict']));
  });

  it('is read by changes, and never deleted once it was used', async () => {
    const { id } = await made('/change-templates', { ...template(), name: 'Used' });
    const { title, risk, plans } = template();
    expect(await inside((tx) => templateOf(tx, id))).toEqual({
      ...{ id, name: 'Used', title, description: '', categoryId: null, serviceIds: [mail] },
      ...{ plans, risk, durationMinutes: 30, state: 'draft', version: 1 },
    });
    const at = '2026-03-01T08:00:00.000Z';
    await inside((tx) => markUsed(tx, id, at));
    await inside((tx) => markUsed(tx, id, '2026-02-01T08:00:00.000Z'));
    expect((await manager.get(`/change-templates/${id}`)).body).toMatchObject({ usedAt: at });
    const kept = await manager.delete(`/change-templates/${id}`);
    expect(refusal(kept)).toEqual([409, 'conflict']);
    expect(await inside((tx) => templateOf(tx, randomUUID()))).toBeUndefined();
  });

  it('is made from twice at once without either waiting for the other for ever', async () => {
    const { id } = await made('/change-templates', { ...template(), name: 'Busy' });
    const use = (at: string) =>
      inside(async (tx) => {
        await templateOf(tx, id);
        await markUsed(tx, id, at);
      });
    const instants = ['2026-03-01', '2026-03-02', '2026-03-03'].map(
      (day) => `${day}T08:00:00.000Z`,
    );
    await Promise.all(instants.map(use));
    expect((await manager.get(`/change-templates/${id}`)).body).toMatchObject({
      usedAt: instants[2],
    });
  });
});
