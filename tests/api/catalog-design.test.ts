/** What designers make of the service catalog: drafts, versions, and what is refused. */
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import {
  aDefinition,
  anApproval,
  anItem,
  aPlan,
  madeCategory,
  offered,
  problemOf,
} from './catalog-items';
import { bodyOf, type Caller } from './incident';

const Version = z.looseObject({ version: z.int(), name: z.string(), state: z.string() });
const Item = z.looseObject({
  ...{ id: z.string(), name: z.string(), state: z.string(), revision: z.int() },
  ...{ draft: Version.nullable(), published: Version.nullable() },
});

let world: World;
let manager: Caller;
let category: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  manager = await world.as('manager');
  category = await madeCategory(manager, { name: 'Work place' });
});
afterAll(() => world.close());

const itemOf = async (id: string) =>
  Item.parse(await bodyOf(manager.get(`/catalog-designs/${id}`)));
const made = async (more: object = {}) =>
  Item.parse(await bodyOf(manager.post('/catalog-designs', anItem(category, more)).expect(201)));
const act = (id: string, name: string) => manager.post(`/catalog-designs/${id}/actions/${name}`);

describe('an item', () => {
  it('begins as a draft, is published, and is edited beside what is ordered', async () => {
    const { id, draft, published } = await made({ name: 'Desk' });
    expect([draft?.version, published]).toEqual([1, null]);
    await act(id, 'publish').expect(200);
    const edit = { name: 'Standing desk', definition: aDefinition({ description: 'It moves.' }) };
    await manager.patch(`/catalog-designs/${id}`, edit).expect(200);
    expect(await itemOf(id)).toMatchObject({
      ...{ name: 'Standing desk', state: 'published' },
      draft: { version: 2, name: 'Standing desk', definition: { description: 'It moves.' } },
      published: { version: 1, name: 'Desk' },
    });
    await act(id, 'publish').expect(200);
    expect(await itemOf(id)).toMatchObject({ draft: null, published: { version: 2 } });
    const { data } = z
      .object({ data: z.array(Version) })
      .parse(await bodyOf(manager.get(`/catalog-designs/${id}/versions`)));
    expect(data.map(({ version, state }) => [version, state])).toEqual([
      [2, 'published'],
      [1, 'retired'],
    ]);
  });

  it('stands elsewhere at once, without a draft', async () => {
    const id = await offered(manager, category);
    await manager.patch(`/catalog-designs/${id}`, { position: 7 }).expect(200);
    expect(await itemOf(id)).toMatchObject({ position: 7, draft: null });
  });

  it('is retired, and comes back with the next version', async () => {
    const id = await offered(manager, category);
    await act(id, 'retire').expect(200);
    expect(await itemOf(id)).toMatchObject({ state: 'retired', published: null });
    expect(problemOf(await act(id, 'retire').expect(409)).code).toBe('conflict');
    expect(problemOf(await act(id, 'publish').expect(409)).code).toBe('conflict');
    await manager.patch(`/catalog-designs/${id}`, { definition: aDefinition() }).expect(200);
    await act(id, 'publish').expect(200);
    expect(await itemOf(id)).toMatchObject({ state: 'published', published: { version: 2 } });
  });

  it('is deleted while it was never published, and not later', async () => {
    const { id } = await made();
    await manager.delete(`/catalog-designs/${id}`).expect(204);
    const other = await offered(manager, category);
    await manager.delete(`/catalog-designs/${other}`).expect(409);
  });

  it('never changes what was published, whoever writes to the table', async () => {
    const id = await offered(manager, category);
    const edit = world.rows(`update catalog_item_versions set name = 'x' where id = $1`, [id]);
    await expect(edit).rejects.toThrow('is not edited');
  });

  it('leaves an audit event for each act', async () => {
    const id = await offered(manager, category);
    await act(id, 'retire').expect(200);
    const rows = await world.rows(
      'select action from audit_events where target_id = $1 order by at, id',
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'catalogItem.created',
      'catalogItem.published',
      'catalogItem.retired',
    ]);
  });

  it('is nothing that agents or others design', async () => {
    const agent = await world.as('agent');
    await agent.post('/catalog-designs', anItem(category)).expect(403);
    await agent.get('/catalog-designs').expect(403);
  });
});

describe('a definition', () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  const wrong = async (more: object) => {
    const item = anItem(category, { definition: aDefinition(more) });
    return problemOf(await manager.post('/catalog-designs', item).expect(422)).wrong;
  };
  const task = (more: object) => ({ kind: 'manual', title: 'Do it', ...more });

  it('with approval and plan is taken', async () => {
    const approval = anApproval(world.id('person', 'manager'), { when: 'cost>500,quantity>2' });
    await made({ definition: aDefinition({ approval, fulfilment: aPlan }) });
  });

  it('names what is there', async () => {
    expect(await wrong({ serviceId: nobody, teamId: nobody })).toEqual([
      ['/definition/serviceId', 'not_found'],
      ['/definition/teamId', 'not_found'],
    ]);
    expect(await wrong({ approval: anApproval(nobody) })).toEqual([
      ['/definition/approval/stages/0/0/approvers/0/id', 'not_found'],
    ]);
  });

  it('asks what there is to ask', async () => {
    const audience = { see: 'colour==red', order: 'role=ge=agent;(' };
    const approval = anApproval(world.id('person', 'manager'), { when: 'answers.colour==red' });
    expect(await wrong({ audience, approval })).toEqual([
      ['/definition/audience/see', 'unknown_field'],
      ['/definition/audience/order', 'invalid'],
      ['/definition/approval/when', 'unknown_field'],
    ]);
  });

  it('has a plan whose tasks come in some order', async () => {
    const circle = [
      task({ key: 'a', after: ['b'] }),
      task({ key: 'b', after: ['a'] }),
      task({ key: 'b', after: ['c'] }),
    ];
    expect(await wrong({ fulfilment: { startDay: 'model', tasks: circle } })).toEqual([
      ['/definition/fulfilment/startDay', 'invalid'],
      ['/definition/fulfilment/tasks/2/key', 'taken'],
      ['/definition/fulfilment/tasks/0/after', 'cycle'],
      ['/definition/fulfilment/tasks/1/after', 'cycle'],
      ['/definition/fulfilment/tasks/2/after/0', 'not_found'],
      ['/definition/fulfilment/tasks/2/after', 'cycle'],
    ]);
  });

  it('asks for results of tasks that come before only', async () => {
    const tasks = [
      task({ key: 'a', when: 'results.b==done' }),
      task({ key: 'b', after: ['a'], when: 'results.a==done' }),
    ];
    expect(await wrong({ fulfilment: { tasks } })).toEqual([
      ['/definition/fulfilment/tasks/0/when', 'unknown_field'],
    ]);
  });

  it('runs nothing that is not registered', async () => {
    const tasks = [{ kind: 'automatic', key: 'a', title: 'x', activity: 'launch' }];
    expect(await wrong({ fulfilment: { tasks } })).toEqual([
      ['/definition/fulfilment/tasks/0/activity', 'not_found'],
    ]);
  });
});

describe('a category', () => {
  it('is never below itself', async () => {
    const inner = await madeCategory(manager, { parentId: category });
    const move = await manager.patch(`/catalog-categories/${category}`, { parentId: inner });
    expect(problemOf(move).wrong).toEqual([['/parentId', 'cycle']]);
  });

  it('with items is not deleted', async () => {
    await manager.delete(`/catalog-categories/${category}`).expect(409);
  });
});
