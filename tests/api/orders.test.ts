/** The catalog as requesters see it, and what is ordered from it. */
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { aDefinition, anApproval, aPlan, madeCategory, offered, problemOf } from './catalog-items';
import { bodyOf, type Caller } from './incident';

const Entries = z.object({
  data: z.array(z.looseObject({ id: z.string(), mayOrder: z.boolean() })),
});
const Order = z.looseObject({
  ...{ id: z.string(), number: z.string() },
  requests: z.array(
    z.looseObject({ id: z.string(), number: z.string(), item: z.looseObject({ id: z.string() }) }),
  ),
});

let world: World;
let manager: Caller;
let agent: Caller;
let user: Caller;
let stranger: Caller;
let category: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  [manager, agent, user, stranger] = await Promise.all([
    world.as('manager'),
    world.as('agent'),
    world.as('user'),
    world.as('stranger'),
  ]);
  category = await madeCategory(manager);
});
afterAll(() => world.close());

const person = (name: string) => world.id('person', name);
const answers = { model: 'strong', memory: 16 };
const line = (itemId: string, more: object = {}) => ({ itemId, answers, ...more });
const ordered = async (by: Caller, items: readonly object[], more: object = {}) =>
  Order.parse(await bodyOf(by.post('/orders', { items, ...more }).expect(201)));
const seen = async (by: Caller, query = '') =>
  Entries.parse(await bodyOf(by.get(`/catalog?limit=200${query}`).expect(200))).data;
const idsSeen = async (by: Caller, query = '') => (await seen(by, query)).map(({ id }) => id);
const detailsOf = async (id: string) => {
  const [row] = await world.rows(
    `select snapshot->'details' as details from tickets where id = $1`,
    [id],
  );
  return row?.['details'];
};

describe('the catalog', () => {
  it('shows everybody what is theirs to see, and nothing else', async () => {
    const item = (see: string | null, order: string | null = null) =>
      offered(manager, category, { definition: aDefinition({ audience: { see, order } }) });
    const all = await item(null);
    const agents = await item('role=ge=agent');
    const desk = await item(`team==${world.id('team', 'Service desk')}`);
    const shown = await item(null, 'role=ge=manager');
    expect(await idsSeen(user)).toEqual(expect.arrayContaining([all, shown]));
    expect(await idsSeen(user)).not.toEqual(expect.arrayContaining([agents]));
    expect(await idsSeen(agent)).toEqual(expect.arrayContaining([all, agents, desk, shown]));
    expect(await idsSeen(manager)).not.toContain(desk);
    await user.get(`/catalog/items/${agents}`).expect(404);
    expect((await seen(user)).find(({ id }) => id === shown)?.mayOrder).toBe(false);
  });

  it('shows the form, and of the plan its titles only', async () => {
    const approval = anApproval(person('manager'), { when: 'cost>100' });
    const definition = aDefinition({ approval, fulfilment: aPlan });
    const id = await offered(manager, category, { name: 'With a plan', definition });
    expect(await bodyOf(user.get(`/catalog/items/${id}`).expect(200))).toEqual({
      ...{ id, version: 1, name: 'With a plan', description: 'A computer to work with.' },
      category: { id: category, name: expect.any(String) as string },
      ...{ cost: { amount: 900, currency: 'EUR', per: 'once' }, deliverySeconds: null },
      ...{ approval: 'conditional', mayOrder: true, startDay: 'begins' },
      form: aDefinition().form,
      tasks: ['Buy it', 'Hand it over'],
    });
  });

  it('is searched and paged', async () => {
    const id = await offered(manager, category, { name: 'A very rare thing' });
    expect(await idsSeen(user, '&search=VERY%20rare&count=true')).toEqual([id]);
    const page = z
      .object({ page: z.object({ nextCursor: z.string() }) })
      .parse(await bodyOf(user.get('/catalog?limit=1')));
    await user.get(`/catalog?limit=1&cursor=${page.page.nextCursor}`).expect(200);
  });

  it('does not show what is retired, or in a category that is not active', async () => {
    const gone = await offered(manager, category);
    await manager.post(`/catalog-designs/${gone}/actions/retire`).expect(200);
    const closed = await madeCategory(manager, { isActive: false });
    const hidden = await offered(manager, closed);
    const ids = await idsSeen(user);
    expect(ids).not.toContain(gone);
    expect(ids).not.toContain(hidden);
    await user.get(`/catalog/items/${hidden}`).expect(404);
  });

  it('is shown to agents as another person sees it, and to nobody else but their manager', async () => {
    const see = 'department==Sales';
    const audience = { see, order: null };
    const id = await offered(manager, category, { definition: aDefinition({ audience }) });
    await world.rows(`update users set department = 'Sales' where id = $1`, [person('stranger')]);
    const forStranger = `&for=${person('stranger')}`;
    expect(await idsSeen(agent)).not.toContain(id);
    expect(await idsSeen(agent, forStranger)).toContain(id);
    await user.get(`/catalog?for=${person('stranger')}`).expect(403);
    await world.rows('update users set manager_id = $1 where id = $2', [
      person('user'),
      person('stranger'),
    ]);
    expect(await idsSeen(user, forStranger)).toContain(id);
    await ordered(user, [line(id)], { requestedForId: person('stranger') });
    await world.rows('update users set manager_id = null where id = $1', [person('stranger')]);
    const none = '00000000-0000-4000-8000-000000000000';
    await user.get(`/catalog?for=${none}`).expect(403);
    expect(problemOf(await agent.get(`/catalog?for=${none}`).expect(422)).wrong).toEqual([
      ['/query/for', 'not_found'],
    ]);
  });
});

describe('answers', () => {
  const check = (id: string, given: object, more: object = {}) =>
    user.post(`/catalog/items/${id}/actions/validate`, { answers: given, ...more });

  it('are checked without an order', async () => {
    const approval = anApproval(person('manager'), { when: 'cost>1000' });
    const id = await offered(manager, category, { definition: aDefinition({ approval }) });
    expect(await bodyOf(check(id, answers, { quantity: 2 }).expect(200))).toEqual({
      cost: { amount: 1800, currency: 'EUR', per: 'once' },
      needsApproval: true,
    });
    expect(await bodyOf(check(id, { model: 'light' }).expect(200))).toMatchObject({
      needsApproval: false,
    });
    const wrong = { model: 'light', memory: 4, owner: person('user'), colour: 'red' };
    expect(problemOf(await check(id, wrong).expect(422)).wrong).toEqual([
      ['/answers/memory', 'hidden'],
      ['/answers/colour', 'unknown_field'],
    ]);
  });

  it('look up what is there and active in this organization', async () => {
    const id = await offered(manager, category);
    const owner = async (given: unknown) =>
      problemOf(await check(id, { model: 'light', owner: given })).wrong;
    expect(await owner('nobody')).toEqual([['/answers/owner', 'lookup']]);
    expect(await owner('00000000-0000-4000-8000-000000000000')).toEqual([
      ['/answers/owner', 'not_found'],
    ]);
    const other = await world.neighbour();
    expect(await owner(other.id('person', 'user'))).toEqual([['/answers/owner', 'not_found']]);
    await check(id, { model: 'light', owner: person('user').toUpperCase() }).expect(200);
  });
});

describe('an order', () => {
  it('opens one request for each item, with what was answered', async () => {
    const definition = aDefinition({ fulfilment: aPlan });
    const one = await offered(manager, category, { name: 'One', definition });
    const other = await offered(manager, category, { name: 'Other', definition });
    const order = await ordered(user, [
      line(one, { quantity: 3, answers: { ...answers, begins: '2026-12-01' } }),
      line(other, { startDay: '2026-12-24' }),
    ]);
    expect(order).toMatchObject({
      number: expect.stringMatching(/^ORD\d{7}$/) as string,
      orderedBy: { id: person('user') },
      requestedFor: { id: person('user') },
      requests: [
        { title: 'One × 3', isOpen: true, item: { id: one, name: 'One', version: 1 }, quantity: 3 },
        { title: 'Other', item: { id: other } },
      ],
    });
    const [first, second] = order.requests;
    expect(await detailsOf(first?.id ?? '')).toMatchObject({
      ...{ orderId: order.id, quantity: 3, startDay: '2026-12-01', covers: [], coveredById: null },
      answers: { ...answers, begins: '2026-12-01' },
    });
    expect(await detailsOf(second?.id ?? '')).toMatchObject({ startDay: '2026-12-24' });
  });

  it('keeps its version when the item is edited, and refuses one that is no longer ordered', async () => {
    const id = await offered(manager, category);
    const order = await ordered(user, [line(id, { version: 1 })]);
    await manager.patch(`/catalog-designs/${id}`, { name: `Newer ${id}` }).expect(200);
    await manager.post(`/catalog-designs/${id}/actions/publish`).expect(200);
    const stale = await user.post('/orders', { items: [line(id, { version: 1 })] }).expect(409);
    expect(stale.body).toMatchObject({ current: [{ itemId: id, version: 2 }] });
    expect(await bodyOf(user.get(`/orders/${order.id}`))).toMatchObject({
      requests: [{ item: { version: 1 } }],
    });
  });

  it('is all or nothing', async () => {
    const id = await offered(manager, category);
    const before = await world.rows('select count(*)::int as n from tickets');
    const refused = await user.post('/orders', {
      items: [line(id), line(id, { answers: { model: 'strong' } }), line(category)],
    });
    expect(problemOf(refused).wrong).toEqual([
      ['/items/1/answers/memory', 'required'],
      ['/items/2/itemId', 'not_found'],
    ]);
    expect(await world.rows('select count(*)::int as n from tickets')).toEqual(before);
  });

  it('is made once, however often it is sent', async () => {
    const id = await offered(manager, category);
    const send = () =>
      user.post('/orders', { items: [line(id), line(id)] }).set('idempotency-key', `order-${id}`);
    const [first, again] = [await bodyOf(send()), await bodyOf(send())];
    expect(again).toEqual(first);
    // As after a crash before the answer was kept.
    await world.rows('delete from idempotency_keys');
    expect(Order.parse(await bodyOf(send())).id).toBe(Order.parse(first).id);
    const made = await world.rows('select 1 from order_items where item_id = $1', [id]);
    expect(made).toHaveLength(2);
  });

  it('is for somebody else when an agent makes it, and not when others do', async () => {
    const id = await offered(manager, category);
    const body = { items: [line(id)], requestedForId: person('user') };
    await stranger.post('/orders', body).expect(403);
    const order = await ordered(agent, body.items, { requestedForId: person('user') });
    expect(order).toMatchObject({
      orderedBy: { id: person('agent') },
      requestedFor: { id: person('user') },
    });
    const [request] = await world.rows('select requester_id from tickets where id = $1', [
      order.requests[0]?.id,
    ]);
    expect(request).toEqual({ requester_id: person('user') });
  });

  it('is refused where somebody sees an item and may not order it', async () => {
    const audience = { see: null, order: 'role=ge=manager' };
    const id = await offered(manager, category, { definition: aDefinition({ audience }) });
    expect(problemOf(await user.post('/orders', { items: [line(id)] }).expect(422)).wrong).toEqual([
      ['/items/0/itemId', 'forbidden'],
    ]);
    await user.post(`/catalog/items/${id}/actions/validate`, { answers }).expect(403);
  });

  it('asks once for items that ask the same people in the same way', async () => {
    const item = (approval: object) =>
      offered(manager, category, { definition: aDefinition({ approval }) });
    const boss = person('manager');
    const [one, two] = [await item(anApproval(boss)), await item(anApproval(boss))];
    const dear = await item(anApproval(boss, { when: 'quantity>9' }));
    const alone = await item(anApproval(boss, { coversOrder: false }));
    const lead = await item(anApproval(person('lead')));
    const order = await ordered(
      user,
      [one, two, dear, alone, lead].map((id) => line(id)),
    );
    const ids = order.requests.map(({ id }) => id);
    const details = await Promise.all(ids.map(detailsOf));
    expect(details).toMatchObject([
      { covers: [ids[1]], coveredById: null },
      { covers: [], coveredById: ids[0] },
      { covers: [], coveredById: null },
      { covers: [], coveredById: null },
      { covers: [], coveredById: null },
    ]);
  });

  it('is seen by who ordered, for whom it is, and by who sees all requests', async () => {
    const id = await offered(manager, category);
    const order = await ordered(agent, [line(id)], { requestedForId: person('user') });
    for (const by of [agent, user, manager]) await by.get(`/orders/${order.id}`).expect(200);
    await stranger.get(`/orders/${order.id}`).expect(404);
    const listed = await bodyOf(stranger.get('/orders?limit=200&count=true').expect(200));
    expect(JSON.stringify(listed)).not.toContain(order.id);
    const own = await bodyOf(user.get(`/orders?filter[requestedFor][eq]=me&count=true`));
    expect(JSON.stringify(own)).toContain(order.id);
  });

  it('starts the life of every request', async () => {
    const id = await offered(manager, category);
    const order = await ordered(user, [line(id), line(id)]);
    const owed = await world.rows('select 1 from engine_outbox where ticket_id = any($1::uuid[])', [
      order.requests.map((request) => request.id),
    ]);
    expect(owed).toEqual([]);
  });
});
