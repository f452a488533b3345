/** An order through its whole life over HTTP: designed, ordered for somebody, decided, fulfilled or undone. */
import { z } from 'zod';
import { eventually, openWorld, type World } from '../harness';
import { answering, startPeer, type Peer } from '../peer';
import { madeCategory, offered, problemOf } from './catalog-items';
import { bodyOf, listed, type Caller } from './incident';
import { answering as deciding, inboxOf, linesOf } from './rounds';

const Order = z.looseObject({
  id: z.string(),
  requests: z.array(z.looseObject({ id: z.string(), number: z.string() })),
});
const Request = z.looseObject({
  state: z.string(),
  allowed: z.array(z.string()),
  approval: z.looseObject({}).nullable(),
  tasks: z.array(z.looseObject({ key: z.string(), state: z.string(), title: z.string() })),
});
const Rows = z.object({ data: z.array(z.looseObject({ id: z.string(), title: z.string() })) });

let world: World;
let peer: Peer;
let admin: Caller;
let manager: Caller;
let agent: Caller;
let user: Caller;
let stranger: Caller;
let category: string;
/** Two items of one order: the first is delivered, the second cannot be. */
let workplace: string;
let account: string;
let order: z.infer<typeof Order>;

const person = (name: string) => world.id('person', name);
const team = (name: string) => world.id('team', name);

beforeAll(async () => {
  peer = await startPeer();
  world = await openWorld({ carries: true, connectionHosts: [peer.host] });
  [admin, manager, agent, user, stranger] = await Promise.all([
    world.as('admin'),
    world.as('manager'),
    world.as('agent'),
    world.as('user'),
    world.as('stranger'),
  ]);
  await admin.patch(`/users/${person('user')}`, { managerId: person('manager') }).expect(200);
  await admin.post('/connections', { name: 'directory', baseUrl: `${peer.url}/api` }).expect(201);
  category = await madeCategory(manager);
});
afterAll(async () => {
  await world.close();
  await peer.close();
});

const form = {
  schema: {
    type: 'object',
    properties: {
      model: { type: 'string', enum: ['light', 'strong'] },
      memory: { type: 'integer', minimum: 8 },
      guide: { type: 'string', lookup: 'user' },
    },
    required: ['model', 'memory', 'guide'],
  },
  hints: { fields: { memory: { visibleWhen: 'answers.model==strong' } } },
};
const approval = {
  stages: [
    [
      {
        name: 'Manager',
        approvers: [{ kind: 'relation', relation: 'requesterManager' }],
        quorum: { kind: 'anyone' },
        expiresInHours: 72,
      },
    ],
  ],
  coversOrder: true,
};

/** Takes somebody into the network team; undone, it takes back only what it did. */
function joining(userId: string) {
  const input = { userId, teamId: team('Network') };
  const undo = { activity: 'team.leave', input: { ...input, joined: '{results.join}' } };
  return { kind: 'automatic', key: 'join', title: 'Join', activity: 'team.join', input, undo };
}

const call = {
  ...{ kind: 'automatic', key: 'call', title: 'Make the account', after: ['join'] },
  activity: 'http.call',
  input: {
    ...{ connection: 'directory', method: 'POST', path: '/accounts' },
    body: { for: '{request.requesterId}', of: '{request.number}' },
  },
};

const definitionOf = (fulfilment: object, more: object = {}) => ({
  description: 'All that one needs.',
  audience: { see: null, order: 'role=le=agent' },
  ...{ form, approval, fulfilment, ...more },
});

const ordering = (
  itemId: string,
  answers: object = { model: 'light', guide: person('agent') },
) => ({
  itemId,
  answers,
});
const placed = async (by: Caller, items: readonly object[], forWhom = 'user') =>
  Order.parse(
    await bodyOf(by.post('/orders', { requestedForId: person(forWhom), items }).expect(201)),
  );
const idOf = (k: number) => order.requests[k]?.id ?? '';
const read = async (by: Caller, id: string) =>
  Request.parse((await by.get(`/requests/${id}`).expect(200)).body);
const becomes = (id: string, wanted: string) =>
  eventually(wanted, async () => {
    const { state } = await read(agent, id);
    return state === wanted ? true : undefined;
  });
const statesOf = async (by: Caller, id: string) =>
  Object.fromEntries((await read(by, id)).tasks.map(({ key, state }) => [key, state]));
const found = async (by: Caller, path: string, filter: string) =>
  Rows.parse((await by.get(`/${path}?q=${encodeURIComponent(filter)}`).expect(200)).body).data;
const isMember = async () => {
  const { data } = await listed(agent, `/teams/${team('Network')}/members`);
  return data.some(({ id }) => id === person('user'));
};

describe('an order of two items for somebody else', () => {
  beforeAll(async () => {
    const byHand = { kind: 'manual', teamId: team('Service desk') };
    const desk = { ...byHand, key: 'desk', title: 'Set up the desk', outcomes: ['new', 'used'] };
    const tasks = [desk, { ...byHand, key: 'badge', title: 'Print a badge', after: ['desk'] }];
    workplace = await offered(manager, category, {
      definition: definitionOf({ tasks, onFailure: 'undo' }),
    });
    account = await offered(admin, category, {
      definition: definitionOf({
        tasks: [joining('{request.requesterId}'), call],
        onFailure: 'undo',
      }),
    });
    peer.answers(answering(422, '{"detail":"No such department"}'));
    order = await placed(agent, [ordering(workplace), ordering(account)]);
  });

  it('asks their manager once, about both', async () => {
    await Promise.all([becomes(idOf(0), 'awaitingApproval'), becomes(idOf(1), 'awaitingApproval')]);
    expect(await inboxOf(manager)).toHaveLength(1);
    const [round] = Rows.parse(await bodyOf(manager.get('/approvals?filter[approver]=me'))).data;
    expect(await bodyOf(manager.get(`/approvals/${round?.id ?? ''}`))).toMatchObject({
      shown: {
        answers: { model: 'light' },
        also: [{ number: order.requests[1]?.number }],
      },
    });
    await deciding(manager, { id: round?.id ?? '' }, 'approve').expect(200);
    await becomes(idOf(0), 'inFulfilment');
  });

  it('undoes the one that fails for good, once, and tells the requester no reason of machines', async () => {
    await becomes(idOf(1), 'cancelled');
    expect(await statesOf(user, idOf(1))).toEqual({ join: 'undone', call: 'failed' });
    expect(peer.asked).toMatchObject([{ path: '/api/accounts', method: 'POST' }]);
    expect(JSON.parse(peer.asked[0]?.body ?? '')).toEqual({
      for: person('user'),
      of: order.requests[1]?.number,
    });
    expect(await isMember()).toBe(false);
    const { data } = await listed(admin, '/audit-events?filter[action]=team.membersChanged');
    expect(data).toHaveLength(2);
    const path = `/requests/${idOf(1)}`;
    expect(await linesOf(agent, path, 'taskError')).toMatchObject([
      { data: { task: 'call', error: 'directory answered 422: No such department' } },
    ]);
    expect(await linesOf(user, path, 'taskError')).toEqual([]);
    expect(await linesOf(user, path, 'taskFailed')).toHaveLength(1);
    expect((await user.get(`${path}/events?limit=100`)).text).not.toContain('No such department');
  });

  it('shows tasks to whoever does them, and progress to whoever waits', async () => {
    const tasks = await found(agent, 'tasks', `subject==${idOf(0)}`);
    expect(tasks.map(({ title }) => title)).toEqual(['Set up the desk']);
    expect(await statesOf(user, idOf(0))).toEqual({ desk: 'running', badge: 'waiting' });
    await user.get(`/requests/${idOf(0)}/agenda`).expect(200);
    const progress = await bodyOf(user.get(`/requests/${idOf(0)}`));
    expect(progress).toMatchObject({ item: { id: workplace }, orderId: order.id });
  });

  it('is found by item and by order', async () => {
    const idsOf = async (by: Caller, filter: string) =>
      (await found(by, 'requests', filter)).map(({ id }) => id).sort();
    expect(await idsOf(agent, `item==${workplace}`)).toEqual([idOf(0)]);
    expect(await idsOf(user, `order==${order.id}`)).toEqual([idOf(0), idOf(1)].sort());
    expect(await idsOf(stranger, `order==${order.id}`)).toEqual([]);
    expect(await found(stranger, 'tasks', `subject==${idOf(0)}`)).toEqual([]);
  });

  it('is nobody’s business who has nothing to do with it', async () => {
    for (const rest of ['', '/events', '/agenda', '/comments', '/links'])
      await stranger.get(`/requests/${idOf(0)}${rest}`).expect(404);
    await stranger.get(`/orders/${order.id}`).expect(404);
    await user
      .post(`/requests/${idOf(0)}/actions/skipTask`, { task: 'desk', reason: 'x' })
      .expect(403);
    const [task] = await found(agent, 'tasks', `subject==${idOf(0)}`);
    await stranger.get(`/tasks/${task?.id ?? ''}`).expect(404);
    await user.post(`/tasks/${task?.id ?? ''}/actions/complete`).expect(403);
    await agent.post('/requests', {}).expect(405);
  });

  it('is fulfilled with the last task, and closed by whom it is for', async () => {
    const finish = async (title: string, body: object = {}) => {
      const task = await eventually(title, async () =>
        (await found(agent, 'tasks', `subject==${idOf(0)}`)).find((one) => one.title === title),
      );
      await agent.post(`/tasks/${task.id}/actions/complete`, body).expect(200);
    };
    await finish('Set up the desk', { outcome: 'used' });
    await finish('Print a badge');
    await becomes(idOf(0), 'fulfilled');
    expect((await read(user, idOf(0))).tasks).toMatchObject([
      { key: 'desk', state: 'done', result: 'used' },
      { key: 'badge', state: 'done', result: 'done' },
    ]);
    const answers = async (by: Caller) =>
      (await read(by, idOf(1))).tasks.flatMap(({ kind, result }) =>
        kind === 'automatic' ? [result] : [],
      );
    expect(await answers(agent)).toContainEqual(expect.objectContaining({}));
    expect(new Set(await answers(user))).toEqual(new Set([null]));
    expect((await read(user, idOf(0))).allowed).toEqual(
      expect.arrayContaining(['close', 'reopen']),
    );
    await user.post(`/requests/${idOf(0)}/actions/close`).expect(200);
    expect(await bodyOf(user.get(`/orders/${order.id}`))).toMatchObject({
      requests: [{ state: 'closed' }, { state: 'cancelled' }],
    });
  });
});

describe('what is refused', () => {
  it('is an order of somebody outside of the audience, and answers that the form does not take', async () => {
    const outside = { requestedForId: person('manager'), items: [ordering(workplace)] };
    expect(problemOf(await manager.post('/orders', outside).expect(422)).wrong).toEqual([
      ['/items/0/itemId', 'forbidden'],
    ]);
    const wrong = [
      ordering(workplace, { model: 'strong', guide: person('agent') }),
      ordering(workplace, { model: 'light', memory: 16, guide: category }),
    ];
    expect(problemOf(await user.post('/orders', { items: wrong }).expect(422)).wrong).toEqual([
      ['/items/0/answers/memory', 'required'],
      ['/items/1/answers/memory', 'hidden'],
      ['/items/1/answers/guide', 'not_found'],
    ]);
  });

  it('is an item that is retired', async () => {
    const id = await offered(manager, category, { definition: definitionOf({ tasks: [] }) });
    await manager.post(`/catalog-designs/${id}/actions/retire`).expect(200);
    const answer = await user.post('/orders', { items: [ordering(id)] }).expect(422);
    expect(problemOf(answer).wrong).toEqual([['/items/0/itemId', 'not_found']]);
  });

  it('is a plan that does more than whoever publishes it may', async () => {
    const made = await admin.post('/roles', { name: 'Publisher', permissions: ['team:manage'] });
    const { id: roleId } = z.object({ id: z.string() }).parse(made.body);
    const giving = {
      ...{ kind: 'automatic', key: 'give', title: 'Give', activity: 'role.give' },
      input: { userId: '{request.requesterId}', roleId },
    };
    for (const task of [{ ...call, after: [] }, giving]) {
      const definition = definitionOf({ tasks: [task] });
      const body = { name: `Too much ${task.key}`, categoryId: category, definition };
      const design = await manager.post('/catalog-designs', body).expect(201);
      const { id } = z.object({ id: z.string() }).parse(design.body);
      await manager.post(`/catalog-designs/${id}/actions/publish`).expect(403);
    }
  });
});

describe('a request that nobody approves', () => {
  it('is rejected with its whole order, and nothing was done', async () => {
    peer.answers();
    const { requests } = await placed(user, [ordering(workplace), ordering(account)]);
    const [one = { id: '' }, other = { id: '' }] = requests;
    await becomes(other.id, 'awaitingApproval');
    const id = await eventually('a round', async () => {
      const { data } = Rows.parse(await bodyOf(manager.get('/approvals?filter[approver]=me')));
      return data[0]?.id;
    });
    await deciding(manager, { id }, 'reject', { comment: 'Not this year.' }).expect(200);
    await Promise.all([becomes(one.id, 'rejected'), becomes(other.id, 'rejected')]);
    expect(peer.asked).toEqual([]);
    expect(await isMember()).toBe(false);
    expect((await read(user, one.id)).allowed).toEqual([]);
  });

  it('is cancelled by its requester, and the other one of its order is asked for by itself', async () => {
    const { requests } = await placed(user, [ordering(workplace), ordering(workplace)]);
    const [one = { id: '' }, other = { id: '' }] = requests;
    await becomes(one.id, 'awaitingApproval');
    await user.post(`/requests/${one.id}/actions/cancel`, { reason: 'One is enough.' }).expect(200);
    await eventually('a round about the other', async () => {
      const { approval: rounds } = await read(agent, other.id);
      return rounds === null ? undefined : true;
    });
    expect(await inboxOf(manager)).toHaveLength(1);
  });
});
