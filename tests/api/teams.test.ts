/** Teams with what their members can do and take, the default team, and what services need. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { opened, type Caller } from './incident';
import { said } from './problem';

const Member = z.object({
  id: z.string(),
  name: z.string(),
  skills: z.array(z.string()).optional(),
  capacity: z.int().nullable().optional(),
});
const Team = z.object({
  id: z.string(),
  lead: z.object({ id: z.string() }).nullable(),
  members: z.array(Member),
  memberCount: z.int(),
  default: z.boolean(),
  isActive: z.boolean(),
  revision: z.int(),
});
const Named = z.object({ data: z.array(z.object({ name: z.string() })) });
const Service = z.looseObject({
  id: z.string(),
  dependsOn: z.array(z.object({ id: z.string(), name: z.string() })),
  revision: z.int(),
});
const Acts = z.object({
  data: z.array(z.object({ action: z.string(), before: z.unknown(), after: z.unknown() })),
});

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

const actsOn = async (id: string) =>
  Acts.parse((await admin.get(`/audit-events?filter[target]=${id}&sort=at`)).body).data;
const team = async (name: string, more: object = {}) =>
  Team.parse((await admin.post('/teams', { name, ...more }).expect(201)).body);
const readTeam = async (id: string, by: Caller = admin) =>
  Team.parse((await by.get(`/teams/${id}`).expect(200)).body);
const person = (name: string) => world.id('person', name);

describe('the members of a team', () => {
  const join = (id: string, body: object) => admin.post(`/teams/${id}/members`, body);

  it('have skills and a capacity, which joining again changes, each time on record', async () => {
    const { id } = await team('Night shift');
    const userId = person('agent');
    const shown = async () => (await readTeam(id)).members;
    await join(id, { userId, skills: ['Linux', 'SAP'], capacity: 5 }).expect(204);
    const agent = { id: userId, name: 'agent', skills: ['Linux', 'SAP'], capacity: 5 };
    expect(await shown()).toEqual([agent]);
    await join(id, { userId }).expect(204);
    expect([await shown(), (await readTeam(id)).revision]).toEqual([[agent], 2]);
    await join(id, { userId, capacity: 0 }).expect(204);
    expect(await shown()).toEqual([{ ...agent, capacity: 0 }]);
    await join(id, { userId, skills: [], capacity: null }).expect(204);
    expect(await shown()).toEqual([{ ...agent, skills: [], capacity: null }]);
    expect((await actsOn(id)).slice(1)).toEqual([
      { action: 'team.membersChanged', before: { members: [] }, after: { members: [agent] } },
      {
        action: 'team.membersChanged',
        before: { members: [agent] },
        after: { members: [{ ...agent, capacity: 0 }] },
      },
      {
        action: 'team.membersChanged',
        before: { members: [{ ...agent, capacity: 0 }] },
        after: { members: [{ ...agent, skills: [], capacity: null }] },
      },
    ]);
  });

  it.each([
    [{ skills: Array.from({ length: 21 }, (_, k) => `Skill ${k}`) }, '/skills too_big'],
    [{ skills: ['SAP', 'x'.repeat(41)] }, '/skills/1 too_big'],
    [{ skills: ['SAP', ' '] }, '/skills/1 too_small'],
    [{ skills: ['SAP', 'Linux', 'SAP'] }, '/skills/2 taken'],
    [{ capacity: -1 }, '/capacity too_small'],
    [{ capacity: 1.5 }, '/capacity invalid_type'],
    [{ userId: randomUUID() }, '/userId not_found'],
  ])('are refused when something is wrong: %j', async (wrong, issue) => {
    const { id } = await team(`Strict ${randomUUID()}`);
    const answer = await join(id, { userId: person('agent'), ...wrong });
    expect(said(answer)).toEqual([422, 'invalid_input', issue]);
    expect((await readTeam(id)).members).toEqual([]);
  });

  it('are shown with what they can do only to those who may read people', async () => {
    const { id } = await team('Discreet');
    await join(id, { userId: person('agent'), skills: ['SAP'] }).expect(204);
    const [user, agent] = [await world.as('user'), await world.as('agent')];
    expect((await readTeam(id, user)).members).toEqual([{ id: person('agent'), name: 'agent' }]);
    expect((await readTeam(id, agent)).members).toMatchObject([{ skills: ['SAP'] }]);
    expect(said(await user.get(`/teams/${id}/members`))).toEqual([403, 'forbidden']);
  });

  it('are listed in pages, found by name and skill', async () => {
    const { id } = await team('Large');
    for (const name of ['agent', 'colleague', 'manager'])
      await join(id, { userId: person(name), skills: [`Skill of ${name}`], capacity: 3 });
    const List = z.object({
      data: z.array(Member),
      page: z.object({ nextCursor: z.string().nullable() }),
    });
    const list = async (query: string) =>
      List.parse((await admin.get(`/teams/${id}/members?${query}`).expect(200)).body);
    const first = await list('limit=2');
    const rest = await list(`limit=2&cursor=${first.page.nextCursor ?? ''}`);
    const names = [...first.data, ...rest.data].map(({ name }) => name);
    expect([names, rest.page.nextCursor]).toEqual([['agent', 'colleague', 'manager'], null]);
    expect((await list('search=skill%20of%20man')).data).toEqual([
      { id: person('manager'), name: 'manager', skills: ['Skill of manager'], capacity: 3 },
    ]);
    expect((await list('filter[capacity][gt]=3')).data).toEqual([]);
    expect(said(await admin.get(`/teams/${randomUUID()}/members`))).toEqual([404, 'not_found']);
  });

  it('are many: a team shows the first hundred and says how many there are', async () => {
    const { id } = await team('Crowd');
    await world.rows(
      `with made as (
         insert into users (organization_id, id, email, name, role)
         select $1::uuid, gen_random_uuid(), 'crowd' || n || '@crowd.example', 'Crowd ' || lpad(n::text, 3, '0'),
                'end_user' from generate_series(1, 120) n returning id)
       insert into team_members (organization_id, team_id, user_id) select $1, $2, id from made`,
      [world.organizationId, id],
    );
    const { members, memberCount } = await readTeam(id);
    expect([members.length, members.at(-1)?.name, memberCount]).toEqual([100, 'Crowd 100', 120]);
  });
});

describe('the lead of a team', () => {
  it('is a member: taken in when named, and not let out before another one leads', async () => {
    const lead = person('lead');
    const made = await team('Led', { leadId: lead });
    expect(made).toMatchObject({ lead: { id: lead }, members: [{ id: lead }] });
    const path = `/teams/${made.id}`;
    expect(said(await admin.delete(`${path}/members/${lead.toUpperCase()}`))).toEqual([
      ...[409, 'conflict'],
    ]);
    await admin.patch(path, { leadId: person('agent') }).expect(200);
    const { members } = await readTeam(made.id);
    expect(members.map(({ name }) => name)).toEqual(['agent', 'lead']);
    await admin.delete(`${path}/members/${lead}`).expect(204);
    await admin.patch(path, { leadId: null }).expect(200);
    await admin.delete(`${path}/members/${person('agent')}`).expect(204);
    expect(await readTeam(made.id)).toMatchObject({ lead: null, members: [], memberCount: 0 });
  });

  it('who is made unknown leads nothing any more', async () => {
    const wish = { name: 'Ada', email: `ada@${world.slug}.example`, login: false };
    const { id } = Service.pick({ id: true }).parse((await admin.post('/users', wish)).body);
    const led = await team('Orphan', { leadId: id });
    await admin.post(`/users/${id}/actions/deactivate`).expect(204);
    await admin.delete(`/users/${id}`).expect(204);
    expect(await readTeam(led.id)).toMatchObject({ lead: null, members: [] });
  });
});

describe('the default team', () => {
  const desk = () => world.id('team', 'Service desk');
  const defaults = async () =>
    Named.parse((await admin.get('/teams?filter[default]=true')).body).data.map(({ name }) => name);
  const settings = async () => (await admin.get('/organization')).body as unknown;

  afterEach(() => admin.patch(`/teams/${desk()}`, { default: true, isActive: true }).expect(200));

  it('is one: naming another one moves the mark, on record of both', async () => {
    expect(await defaults()).toEqual(['Service desk']);
    const second = await team('Second', { default: true });
    expect([second.default, await defaults()]).toEqual([true, ['Second']]);
    expect(await settings()).toMatchObject({ defaultTeam: { id: second.id, name: 'Second' } });
    const moved = { default: true };
    expect(Team.parse((await admin.patch(`/teams/${desk()}`, moved)).body)).toMatchObject(moved);
    expect(await defaults()).toEqual(['Service desk']);
    const [first, third] = ['Service desk', 'Second'].map((name) => ({ defaultTeam: { name } }));
    expect((await actsOn(world.organizationId)).slice(-2)).toMatchObject([
      { action: 'organization.edited', before: first, after: third },
      { action: 'organization.edited', before: third, after: first },
    ]);
    expect((await actsOn(desk())).at(-1)).toMatchObject({
      ...{ action: 'team.edited', before: { default: false }, after: { default: true } },
    });
  });

  it('is one, also when several are named at once', async () => {
    const ids = await Promise.all(
      ['One', 'Two', 'Three'].map(async (name) => (await team(name)).id),
    );
    const answers = await Promise.all(
      [...ids, ...ids].map((id) => admin.patch(`/teams/${id}`, { default: true })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await defaults()).toHaveLength(1);
  });

  it.each([
    ['deleted', () => admin.delete(`/teams/${desk()}`)],
    ['made inactive', () => admin.patch(`/teams/${desk()}`, { isActive: false })],
    ['unmarked', () => admin.patch(`/teams/${desk()}`, { default: false })],
    [
      'unmarked, however its id is written',
      () => admin.patch(`/teams/${desk().toUpperCase()}`, { default: false }),
    ],
  ])('is not %s before another one is named', async (_, attempt) => {
    expect(said(await attempt())).toEqual([409, 'conflict']);
    expect(await defaults()).toEqual(['Service desk']);
  });

  it('is an active one', async () => {
    const wrong = await admin.post('/teams', { name: 'Idle', isActive: false, default: true });
    expect(said(wrong)).toEqual([422, 'invalid_input', '/default inactive']);
    expect(Named.parse((await admin.get('/teams?filter[name]=Idle')).body).data).toEqual([]);
  });

  it('can be named by an organization that has none yet, and made inactive or named: not both', async () => {
    await world.rows(
      `update organizations set settings = settings - 'defaultTeamId' where id = $1`,
      [world.organizationId],
    );
    expect(await defaults()).toEqual([]);
    await admin.patch('/organization', { defaultTeamId: null }).expect(200);
    const late = await team('Late');
    const [named, ended] = await Promise.all([
      admin.patch('/organization', { defaultTeamId: late.id }),
      admin.patch(`/teams/${late.id}`, { isActive: false }),
    ]);
    expect([
      [200, 409],
      [422, 200],
    ]).toContainEqual([named.status, ended.status]);
  });
});

describe('a new ticket', () => {
  const teamOf = async (serviceId?: string) => {
    const { team } = await opened(await world.as('user'), { ...(serviceId && { serviceId }) });
    return nameOf(team);
  };

  it('goes to the team of its service, else to the default team, whoever has time there', async () => {
    for (const name of ['Network', 'Service desk'])
      await admin.post(`/teams/${world.id('team', name)}/members`, {
        ...{ userId: person('colleague'), skills: ['SAP'], capacity: 0 },
      });
    expect([await teamOf(world.id('service', 'Mail')), await teamOf()]).toEqual([
      ...['Network', 'Service desk'],
    ]);
    const { id } = Service.parse((await admin.post('/services', { name: 'Nobody’s' })).body);
    expect(await teamOf(id)).toBe('Service desk');
  });

  it('goes to the default team when the team of its service does not work any more', async () => {
    const former = await team('Former');
    const wish = { name: 'Fax', teamId: former.id };
    const { id } = Service.parse((await admin.post('/services', wish)).body);
    expect(await teamOf(id)).toBe('Former');
    await admin.patch(`/teams/${former.id}`, { isActive: false }).expect(200);
    expect(await teamOf(id)).toBe('Service desk');
  });
});

describe('what a service depends on', () => {
  const service = async (name: string, dependsOn: readonly string[] = []) =>
    Service.parse((await admin.post('/services', { name, dependsOn }).expect(201)).body);

  it('is written whole, shown by name, and on record', async () => {
    const [network, storage] = [await service('Net'), await service('Disks')];
    const shop = await service('Shop', [network.id, storage.id.toUpperCase()]);
    expect(shop.dependsOn.map(({ name }) => name)).toEqual(['Disks', 'Net']);
    await admin.patch(`/services/${shop.id}`, { criticality: 'high' }).expect(200);
    const edited = await admin.patch(`/services/${shop.id}`, { dependsOn: [network.id] });
    expect(edited.body).toMatchObject({
      ...{ dependsOn: [{ id: network.id, name: 'Net' }], criticality: 'high', revision: 3 },
    });
    expect((await actsOn(shop.id)).at(-1)).toMatchObject({
      ...{ before: { dependsOn: [{ name: 'Disks' }, { name: 'Net' }] } },
      ...{ after: { dependsOn: [{ name: 'Net' }] } },
    });
  });

  it('may depend on it in turn, but nothing depends on itself', async () => {
    const a = await service('A');
    const b = await service('B', [a.id]);
    await admin.patch(`/services/${a.id}`, { dependsOn: [b.id] }).expect(200);
    for (const id of [a.id, a.id.toUpperCase()]) {
      const itself = await admin.patch(`/services/${a.id}`, { dependsOn: [b.id, id] });
      expect(said(itself)).toEqual([422, 'invalid_input', '/dependsOn/1 cycle']);
    }
    expect(Service.parse((await admin.get(`/services/${a.id}`)).body).dependsOn).toEqual([
      { id: b.id, name: 'B' },
    ]);
  });

  it('is there, named once, and not without end', async () => {
    const other = await world.neighbour();
    const known = await service('Known');
    const ask = (dependsOn: unknown) => admin.post('/services', { name: 'Asked', dependsOn });
    const many = Array.from({ length: 51 }, () => randomUUID());
    expect(said(await ask(many))).toEqual([422, 'invalid_input', '/dependsOn too_big']);
    expect(said(await ask([known.id, known.id.toUpperCase()]))).toContain('/dependsOn/1 taken');
    for (const id of [randomUUID(), other.id('service', 'Mail')]) {
      expect(said(await ask([known.id, id]))).toContain('/dependsOn/1 not_found');
    }
    expect(Named.parse((await admin.get('/services?filter[name]=Asked')).body).data).toEqual([]);
  });

  it('stays as long as something depends on it', async () => {
    const base = await service('Base');
    const above = await service('Above', [base.id]);
    expect(said(await admin.delete(`/services/${base.id}`))).toEqual([409, 'conflict']);
    await admin.delete(`/services/${above.id}`).expect(204);
    await admin.delete(`/services/${base.id}`).expect(204);
  });
});

function nameOf(thing: unknown): string {
  return z.object({ name: z.string() }).parse(thing).name;
}
