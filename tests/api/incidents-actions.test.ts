import supertest from 'supertest';
import { openWorld, type World } from '../harness';
import {
  bodyOf,
  acted,
  each,
  invalidAt,
  notFound,
  opened,
  refused,
  ticketOf,
  type Caller,
} from './incident';

let world: World;
let by: Record<'user' | 'stranger' | 'agent' | 'manager', Caller>;
beforeAll(async () => {
  world = await openWorld();
  const [user, stranger, agent, manager] = await Promise.all(
    ['user', 'stranger', 'agent', 'manager'].map((name) => world.as(name)),
  );
  if (!user || !stranger || !agent || !manager) throw new Error('Somebody is missing');
  by = { user, stranger, agent, manager };
});
afterAll(() => world.close());

const resolution = { code: 'solved', notes: 'Queue restarted.' };
const because = { reason: 'Because.' };
const nobody = '0197d9f5-0000-7000-8000-00000000000a';

type Step = readonly [command: string, input?: object];
async function at(...steps: Step[]) {
  let ticket = await opened(by.user);
  for (const [command, input] of steps) ticket = await acted(by.manager, ticket, command, input);
  return ticket;
}
const command = (caller: Caller, { id }: { id: string }, name: string, input: object = {}) =>
  caller.post(`/incidents/${id}/actions/${name}`, input);

describe('reading an incident', () => {
  it('is 401 for nobody and 404 for what is not there', async () => {
    const { id } = await opened(by.user);
    const nobodysCall = supertest(world.app).get(`/api/v1/incidents/${id}`);
    expect(await refused(nobodysCall)).toEqual({ status: 401, code: 'unauthenticated' });
    for (const unknown of [nobody, 'INC9999999', 'x']) {
      expect(await refused(by.agent.get(`/incidents/${unknown}`))).toEqual(notFound);
    }
  });

  it('gives the same by id and by number, with the revision as ETag', async () => {
    const { id, number } = await opened(by.user);
    const one = await by.agent.get(`/incidents/${id}`).expect(200);
    const other = await by.agent.get(`/incidents/${number}`).expect(200);
    expect(one.body).toEqual(other.body);
    expect([one.headers['etag'], other.headers['etag']]).toEqual(['"1"', '"1"']);
  });

  it('gives chosen fields, and 422 for one that is none', async () => {
    const { id, number } = await opened(by.user);
    const body = await bodyOf(by.user.get(`/incidents/${id}?fields=number,state`).expect(200));
    expect(body).toEqual({ number, state: 'new' });
    expect(await refused(by.user.get(`/incidents/${id}?fields=colour`))).toEqual(
      invalidAt('/query/fields'),
    );
  });
});

describe('PATCH of an incident', () => {
  const edit = (caller: Caller, id: string, body: object) => caller.patch(`/incidents/${id}`, body);

  it('is 403 for a watcher, 404 for a stranger', async () => {
    const { id } = await opened(by.user);
    expect(await refused(edit(by.stranger, id, { title: 'Mine' }))).toEqual(notFound);
    const userId = world.id('person', 'stranger');
    await by.agent.post(`/incidents/${id}/watchers`, { userId }).expect(200);
    expect(await refused(edit(by.stranger, id, { title: 'Mine' }))).toMatchObject({ status: 403 });
  });

  it('is 412 when the revision is stale, 400 when it is none', async () => {
    const { id } = await opened(by.user);
    await edit(by.user, id, { title: 'Second' }).set('if-match', '"1"').expect(200);
    const late = edit(by.agent, id, { title: 'Third' }).set('if-match', '"1"');
    expect(await refused(late)).toEqual({ status: 412, code: 'stale_version' });
    const odd = edit(by.agent, id, { title: 'Third' }).set('if-match', 'one');
    expect(await refused(odd)).toEqual({ status: 400, code: 'invalid_request' });
    expect(ticketOf(await by.user.get(`/incidents/${id}`))).toMatchObject({ title: 'Second' });
  });

  it('lets one of many through who saw the same revision', async () => {
    const { id } = await opened(by.user);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        edit(by.agent, id, { title: `Writer ${n}` }).set('if-match', '"1"'),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array<number>(7).fill(412),
    ]);
  });

  it.each<[object, string]>([
    [{}, ''],
    [{ title: '' }, '/title'],
    [{ title: 'x'.repeat(201) }, '/title'],
    [{ description: 7 }, '/description'],
    [{ state: 'closed' }, '/state'],
  ])('is 422 for %j', async (body, pointer) => {
    const { id } = await opened(by.user);
    const answer = await refused(edit(by.user, id, body));
    expect(answer).toMatchObject({ status: 422 });
    expect(answer.pointers).toContain(pointer);
  });

  it('changes texts, the revision and the feed', async () => {
    const { id } = await opened(by.user);
    const response = await edit(by.user, id, { title: 'No mail at all' }).set('if-match', '"1"');
    expect(response.status).toBe(200);
    expect(ticketOf(response)).toMatchObject({ title: 'No mail at all', revision: 2 });
    expect(response.headers['etag']).toBe('"2"');
    expect(await each(by.user, `/incidents/${id}/events`, 'type')).toEqual(['opened', 'edited']);
  });
});

describe('a command', () => {
  it('is 401 for nobody', async () => {
    const { id } = await opened(by.user);
    const call = supertest(world.app).post(`/api/v1/incidents/${id}/actions/start`);
    expect(await refused(call)).toEqual({ status: 401, code: 'unauthenticated' });
  });

  it('is 403 for whoever has not the right, with what is allowed', async () => {
    const ticket = await opened(by.user);
    const forbidden = { status: 403, code: 'forbidden' };
    expect(await refused(command(by.user, ticket, 'start'))).toEqual({
      ...forbidden,
      allowed: ['cancel'],
    });
    const answer = await refused(command(by.agent, ticket, 'declareMajor', because));
    expect(answer).toMatchObject(forbidden);
    expect(answer.allowed).not.toContain('declareMajor');
    const override = { override: 'P1', reason: 'The board.' };
    expect(await refused(command(by.agent, ticket, 'prioritize', override))).toMatchObject(
      forbidden,
    );
  });

  it('is 404 on what is not there, and when there is no such command', async () => {
    const ticket = await opened(by.user);
    expect(await refused(command(by.agent, { id: nobody }, 'start'))).toEqual(notFound);
    for (const name of ['explode', 'START', 'constructor', '__proto__', 'opened', 'autoClose']) {
      expect(await refused(command(by.agent, ticket, name))).toEqual(notFound);
    }
  });

  it('is 412 when the caller saw an older revision, and does nothing', async () => {
    const ticket = await at(['start']);
    const late = command(by.agent, ticket, 'resolve', resolution).set('if-match', '"1"');
    expect(await refused(late)).toMatchObject({ status: 412, code: 'stale_version' });
    const timely = command(by.agent, ticket, 'resolve', resolution).set('if-match', '"2"');
    expect(ticketOf(await timely)).toMatchObject({ state: 'resolved', revision: 3 });
  });

  it.each<[name: string, input: object, pointer: string]>([
    ['assign', {}, ''],
    ['assign', { assigneeId: 'me' }, '/assigneeId'],
    ['assign', { assigneeId: nobody }, '/assigneeId'],
    ['assign', { teamId: nobody }, '/teamId'],
    ['start', { assigneeId: null }, '/assigneeId'],
    ['hold', { reason: 'lunch' }, '/reason'],
    ['hold', { reason: 'scheduled' }, '/until'],
    ['hold', { reason: 'scheduled', until: '2001-01-01T00:00:00Z' }, '/until'],
    ['prioritize', {}, ''],
    ['prioritize', { override: 'P1' }, '/reason'],
    ['classify', { categoryId: nobody }, '/categoryId'],
    ['classify', { serviceId: nobody }, '/serviceId'],
    ['escalate', { kind: 'functional', teamId: nobody }, '/teamId'],
    ['escalate', { kind: 'hierarchical' }, '/reason'],
    ['escalate', { kind: 'hierarchical', level: 99, ...because }, '/level'],
    ['declareMajor', {}, '/reason'],
    ['resolve', { code: 'magic', notes: 'x' }, '/code'],
    ['resolve', { code: 'solved' }, '/notes'],
    ['cancel', { reason: '' }, '/reason'],
  ])('%s is 422 for %j', async (name, input, pointer) => {
    const ticket = await opened(by.user);
    const answer = await refused(command(by.manager, ticket, name, input));
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(answer.pointers).toContain(pointer);
    expect(ticketOf(await by.agent.get(`/incidents/${ticket.id}`)).version).toBe(1);
  });

  it('assign is 422 for somebody who is no agent', async () => {
    const assigneeId = world.id('person', 'user');
    const answer = await refused(command(by.agent, await at(), 'assign', { assigneeId }));
    expect(answer).toEqual(invalidAt('/assigneeId'));
  });

  it.each<[name: string, input: object, ...before: Step[]]>([
    ['start', {}, ['start']],
    ['resume', {}],
    ['reopen', because, ['start']],
    ['close', {}, ['start']],
    ['hold', { reason: 'vendor' }, ['resolve', resolution]],
    ['resolve', resolution, ['resolve', resolution]],
    ['assign', { teamId: null }, ['cancel', because]],
    ['prioritize', { impact: 'low' }, ['resolve', resolution], ['close']],
    ['classify', { categoryId: null }, ['cancel', because]],
    ['escalate', { kind: 'hierarchical', ...because }, ['cancel', because]],
    ['deescalate', {}, ['cancel', because]],
    ['acknowledge', {}, ['cancel', because]],
    ['declareMajor', because, ['cancel', because]],
    ['standDownMajor', {}, ['cancel', because]],
    ['coordinate', { coordinatorId: nobody }, ['cancel', because]],
    ['postUpdate', { body: 'Soon.' }, ['declareMajor', because], ['resolve', resolution]],
    ['reviewMajor', { findings: 'None.' }, ['declareMajor', because]],
    ['cancel', because, ['resolve', resolution], ['close']],
  ])('%s %j is 409 in the wrong state, with what is allowed', async (name, input, ...before) => {
    const ticket = await at(...before);
    const answer = await refused(command(by.manager, ticket, name, input));
    const { allowed } = ticketOf(await by.manager.get(`/incidents/${ticket.id}`));
    expect(answer).toEqual({ status: 409, code: 'invalid_transition', allowed });
    expect(allowed).not.toContain(name);
  });

  it.each<[name: string, input: object, expected: object, ...before: Step[]]>([
    ['start', {}, { state: 'inProgress', assignee: { name: 'manager' } }],
    ['hold', { reason: 'vendor' }, { state: 'onHold', hold: { reason: 'vendor' } }],
    [
      'hold',
      { reason: 'customer', comment: 'Which one?' },
      { hold: { reason: 'customer' } },
      ['start'],
    ],
    ['resume', {}, { state: 'inProgress', hold: null }, ['start'], ['hold', { reason: 'change' }]],
    ['prioritize', { impact: 'high', urgency: 'high' }, { priority: 'P1', state: 'new' }],
    ['prioritize', { override: 'P1', ...because }, { priority: 'P1', impact: 'medium' }],
    ['escalate', { kind: 'hierarchical', ...because }, { escalation: { level: 1 }, state: 'new' }],
    [
      'deescalate',
      {},
      { escalation: { level: 0 } },
      ['escalate', { kind: 'hierarchical', ...because }],
    ],
    ['acknowledge', {}, { state: 'new' }, ['escalate', { kind: 'hierarchical', ...because }]],
    ['declareMajor', because, { major: { reason: 'Because.' } }],
    ['standDownMajor', {}, { major: null }, ['declareMajor', because]],
    [
      'postUpdate',
      { body: 'Soon.' },
      { major: { remindedTimes: 0 } },
      ['declareMajor', { ...because, updateEveryMinutes: null }],
    ],
    [
      'reviewMajor',
      { findings: 'None.' },
      { majorReview: { findings: 'None.' } },
      ['declareMajor', because],
      ['resolve', resolution],
    ],
    ['resolve', resolution, { state: 'resolved', assignee: { name: 'manager' }, resolution }],
    ['reopen', because, { state: 'inProgress', resolution: null }, ['resolve', resolution]],
    ['close', {}, { state: 'closed', isOpen: false, allowed: [] }, ['resolve', resolution]],
    ['cancel', because, { state: 'cancelled', isOpen: false, allowed: [] }],
  ])('%s %j is done', async (name, input, expected, ...before) => {
    const ticket = await at(...before);
    const response = await command(by.manager, ticket, name, input).expect(200);
    expect(response.body).toMatchObject({ ...expected, revision: ticket.revision + 1 });
    expect(response.headers['etag']).toBe(`"${ticket.revision + 1}"`);
    expect((await by.manager.get(`/incidents/${ticket.id}`)).body).toMatchObject(
      ticketOf(response),
    );
  });

  it('assign gives it to a person, a team, or nobody', async () => {
    const ticket = await opened(by.user);
    const [assigneeId, teamId] = [world.id('person', 'colleague'), world.id('team', 'Network')];
    const assign = (input: object) => acted(by.agent, ticket, 'assign', input);
    expect(await assign({ assigneeId })).toMatchObject({
      ...{ state: 'assigned', assignee: { name: 'colleague' }, team: { name: 'Service desk' } },
    });
    expect(await assign({ teamId })).toMatchObject({ assignee: null, team: { name: 'Network' } });
    expect(await assign({ teamId, assigneeId })).toMatchObject({ assignee: { name: 'colleague' } });
    expect(await assign({ assigneeId: null })).toMatchObject({ assignee: null, state: 'assigned' });
  });

  it('classify says what it is about; escalate hands it to another team', async () => {
    const ticket = await at(['start']);
    const [categoryId, serviceId] = [world.id('category', 'Hardware'), world.id('service', 'Mail')];
    expect(await acted(by.agent, ticket, 'classify', { categoryId, serviceId })).toMatchObject({
      category: { name: 'Hardware' },
      service: { name: 'Mail' },
    });
    const functional = { kind: 'functional', teamId: world.id('team', 'Network') };
    expect(await acted(by.agent, ticket, 'escalate', functional)).toMatchObject({
      ...{ state: 'assigned', assignee: null, team: { name: 'Network' } },
    });
  });

  it('works by number as well', async () => {
    const { number } = await opened(by.user);
    const response = await by.agent.post(`/incidents/${number}/actions/start`).expect(200);
    expect(response.body).toMatchObject({ number, state: 'inProgress' });
  });
});

describe('what I may do now', () => {
  it('is listed with where to say it: the same as `allowed`', async () => {
    const { id, allowed } = await at(['start']);
    const body = await bodyOf(by.manager.get(`/incidents/${id}/actions`).expect(200));
    expect(body).toMatchObject({
      data: allowed.map((name) => ({ name, href: `/api/v1/incidents/${id}/actions/${name}` })),
    });
  });

  it('depends on the caller', async () => {
    const { id } = await opened(by.user);
    const body = await bodyOf(by.user.get(`/incidents/${id}/actions`).expect(200));
    expect(body).toMatchObject({ data: [{ name: 'cancel' }] });
    expect(await refused(by.stranger.get(`/incidents/${id}/actions`))).toEqual(notFound);
  });
});
