import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import {
  aReport,
  each,
  invalidAt,
  listed,
  opened,
  refused,
  ticketOf,
  type Caller,
} from './incident';

let world: World;
let user: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld();
  [user, agent] = await Promise.all([world.as('user'), world.as('agent')]);
});
afterAll(() => world.close());

const fields = [
  ...['id', 'number', 'type', 'title', 'description', 'state', 'priority', 'impact', 'urgency'],
  ...['version', 'revision', 'requester', 'openedBy', 'assignee', 'team', 'service', 'category'],
  ...['channel', 'openedAt', 'allowed'],
];

describe('opening an incident', () => {
  it('is 401 for nobody, and for a token that is none', async () => {
    const door = supertest(world.app);
    const unknown = { status: 401, code: 'unauthenticated' };
    expect(await refused(door.post('/api/v1/incidents').send(aReport))).toEqual(unknown);
    const call = door.post('/api/v1/incidents').set('authorization', 'Bearer x.y.z').send(aReport);
    expect(await refused(call)).toEqual(unknown);
  });

  it('is 403 for an end user who opens it for somebody else', async () => {
    const requesterId = world.id('person', 'stranger');
    const answer = await refused(user.post('/incidents', { ...aReport, requesterId }));
    expect(answer).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('is 422 with a pointer for everything that is wrong, all at once', async () => {
    const wrong = { description: ' ', impact: 'huge', urgency: 3, channel: 'fax', colour: 'red' };
    const answer = await refused(user.post('/incidents', wrong));
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(answer.pointers?.sort()).toEqual(
      ['/channel', '/colour', '/description', '/impact', '/title', '/urgency'].sort(),
    );
  });

  it.each(['serviceId', 'categoryId', 'requesterId'])(
    'is 422 for a %s that nobody knows',
    async (field) => {
      const nobody = '0197d9f5-0000-7000-8000-00000000000a';
      const answer = await refused(agent.post('/incidents', { ...aReport, [field]: nobody }));
      expect(answer).toEqual(invalidAt(`/${field}`));
    },
  );

  it('writes nothing when it is refused', async () => {
    const count = async () => (await world.rows('select 1 from tickets')).length;
    const before = await count();
    await refused(user.post('/incidents', { ...aReport, serviceId: world.id('team', 'Network') }));
    expect(await count()).toBe(before);
  });

  it('is 201 with Location, ETag and the whole incident', async () => {
    const response = await user.post('/incidents', { ...aReport, channel: 'portal' }).expect(201);
    const { id } = ticketOf(response);
    expect(response.headers['location']).toBe(`/api/v1/incidents/${id}`);
    expect(response.headers['etag']).toBe('"1"');
    const names = Object.keys(z.looseObject({}).parse(response.body));
    expect(names).toEqual(expect.arrayContaining(fields));
    const me = { id: world.id('person', 'user'), name: 'user' };
    expect(response.body).toMatchObject({
      ...{ ...aReport, type: 'incident', state: 'new', priority: 'P3', channel: 'portal' },
      ...{ version: 1, revision: 1, requester: me, openedBy: me, assignee: null },
      team: { id: world.id('team', 'Service desk'), name: 'Service desk' },
      ...{ service: null, category: null, isOpen: true, allowed: ['cancel'] },
      number: expect.stringMatching(/^INC\d{7}$/) as string,
      openedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
  });

  it('by an agent for a caller has the caller as requester; it goes to the team of its service', async () => {
    const [requesterId, serviceId] = [world.id('person', 'user'), world.id('service', 'Mail')];
    const categoryId = world.id('category', 'Software');
    const given = { requesterId, serviceId, categoryId, channel: 'phone' };
    expect(await opened(agent, given)).toMatchObject({
      requester: { name: 'user' },
      openedBy: { name: 'agent' },
      service: { id: serviceId, name: 'Mail' },
      category: { id: categoryId, name: 'Software' },
      team: { name: 'Network' },
    });
  });

  it.each([
    ['high', 'high', 'P1'],
    ['high', 'low', 'P3'],
    ['medium', 'low', 'P4'],
    ['low', 'low', 'P5'],
  ])('of impact %s and urgency %s has priority %s', async (impact, urgency, priority) => {
    expect(await opened(user, { impact, urgency })).toMatchObject({ priority });
  });
});

describe('listing incidents', () => {
  const all: string[] = [];
  const titles = (query: string, caller = agent) => each(caller, `/incidents?${query}`, 'title');
  beforeAll(async () => {
    const mail = world.id('service', 'Mail');
    for (const [title, impact, serviceId] of [
      ['list 1', 'high', mail],
      ['list 2', 'medium', null],
      ['list 3', 'low', mail],
      ['list 4', 'low', null],
    ]) {
      all.push((await opened(agent, { title, impact, serviceId, channel: 'walkIn' })).id);
    }
    await agent.post(`/incidents/${all[1]}/actions/start`).expect(200);
  });

  it.each([
    ['filter[colour]=red', '/query/filter/colour'],
    ['filter[state]=lost', '/query/filter/state'],
    ['filter[state][gte]=new', '/query/filter/state/gte'],
    ['filter[assignee]=somebody', '/query/filter/assignee'],
    ['filter[openedAt][gt]=yesterday', '/query/filter/openedAt'],
    ['q=colour==red', '/query/q'],
    ['q=state==', '/query/q'],
    ['sort=title', '/query/sort'],
    ['fields=title,colour', '/query/fields'],
    ['limit=0', '/query/limit'],
    ['limit=201', '/query/limit'],
    ['count=maybe', '/query/count'],
    ['page=2', '/query/page'],
  ])('is 422 for %s', async (query, pointer) => {
    const answer = await refused(agent.get(`/incidents?${query}`));
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(answer.pointers?.[0]).toMatch(new RegExp(`^${pointer}`));
  });

  it('is 400 for a cursor that was made up, changed, or made for another query', async () => {
    const unreadable = { status: 400, code: 'invalid_request' };
    const { page } = await listed(agent, '/incidents?limit=1');
    const cursor = page.nextCursor ?? '';
    for (const query of ['cursor=rubbish', `cursor=x${cursor}`, `sort=openedAt&cursor=${cursor}`]) {
      expect(await refused(agent.get(`/incidents?limit=1&${query}`))).toEqual(unreadable);
    }
  });

  it.each([
    ['filter[channel]=walkIn', ['list 4', 'list 3', 'list 2', 'list 1']],
    ['filter[channel]=walkIn&filter[priority][lte]=P3', ['list 2', 'list 1']],
    ['filter[channel]=walkIn&filter[state]=inProgress', ['list 2']],
    ['filter[channel]=walkIn&filter[assignee]=me', ['list 2']],
    ['filter[channel]=walkIn&filter[team]=myTeams', ['list 4', 'list 2']],
    [
      'filter[channel]=walkIn&filter[assignee][isnull]=true&sort=openedAt',
      ['list 1', 'list 3', 'list 4'],
    ],
    ['filter[title][in]=list 1,list 4', ['list 4', 'list 1']],
    ['filter[channel]=walkIn&filter[isOverdue]=true', []],
    ['filter[openedAt][lt]=2001-01-01', []],
    ['q=channel==walkIn;priority=le=P2', ['list 1']],
    ['q=channel==walkIn;(state==inProgress,impact==high)', ['list 2', 'list 1']],
    ['q=channel==walkIn;assignee==me', ['list 2']],
    ['q=channel==walkIn;team==myTeams;state!=inProgress', ['list 4']],
    ['filter[channel]=walkIn&q=impact==low', ['list 4', 'list 3']],
    ['filter[channel]=walkIn&sort=priority,-openedAt', ['list 1', 'list 2', 'list 4', 'list 3']],
    ['filter[channel]=walkIn&sort=-priority,openedAt', ['list 3', 'list 4', 'list 2', 'list 1']],
  ])('gives what was asked for: %s', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
  });

  it('gives everything once, page by page, along the Link header', async () => {
    const seen: unknown[] = [];
    let next: string | undefined = '/incidents?filter[channel]=walkIn&sort=dueAt,-openedAt&limit=3';
    for (let pages = 0; next !== undefined && pages < 5; pages += 1) {
      const response: Response = await agent.get(next).expect(200);
      seen.push(
        ...z
          .object({ data: z.array(z.object({ id: z.string() })) })
          .parse(response.body)
          .data.map(({ id }) => id),
      );
      next = /^<\/api\/v1(.*)>; rel="next"$/.exec(response.headers['link'] ?? '')?.[1];
    }
    expect(seen).toHaveLength(4);
    expect([...seen].sort()).toEqual([...all].sort());
  });

  it('counts when asked, and not otherwise', async () => {
    const query = 'filter[channel]=walkIn&limit=2';
    expect(await listed(agent, `/incidents?${query}&count=true`)).toMatchObject({ total: 4 });
    expect(await listed(agent, `/incidents?${query}`)).not.toHaveProperty('total');
  });

  it('shows chosen fields only', async () => {
    const { data } = await listed(agent, '/incidents?filter[title]=list 1&fields=title,priority');
    expect(data).toEqual([{ title: 'list 1', priority: 'P2' }]);
  });

  it('is the same incident as when it is read', async () => {
    const { data } = await listed(agent, '/incidents?filter[title]=list 1');
    expect(ticketOf(await agent.get(`/incidents/${all[0]}`))).toMatchObject(data[0] ?? {});
    expect(data).toHaveLength(1);
  });
});
