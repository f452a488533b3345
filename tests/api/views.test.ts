/** Saved views: who sees and writes them, what they show, what they count. */
import fc from 'fast-check';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { invalidAt, listed, notFound, opened, refused, type Caller } from './incident';

const View = z.looseObject({
  id: z.uuid(),
  name: z.string(),
  isBroken: z.boolean(),
  mayEdit: z.boolean(),
  revision: z.int(),
});
const Counts = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      count: z.int().nullable(),
      isCapped: z.boolean(),
      reason: z.string().nullable(),
    }),
  ),
});

let world: World;
let admin: Caller;
let manager: Caller;
let lead: Caller;
let agent: Caller;
let colleague: Caller;
let user: Caller;
beforeAll(async () => {
  world = await openWorld();
  admin = await world.as('admin');
  manager = await world.as('manager');
  lead = await world.as('lead');
  agent = await world.as('agent');
  colleague = await world.as('colleague');
  user = await world.as('user');
});
afterAll(() => world.close());

let names = 0;
const wish = (more: object = {}) => {
  names += 1;
  return { name: `View ${names}`, ticketType: 'incident', ...more };
};
const made = async (by: Caller, more: object = {}) =>
  View.parse((await by.post('/views', wish(more)).expect(201)).body);
const forTeam = (team: string) => ({ scope: 'team', teamId: world.id('team', team) });
const sees = async (by: Caller, { id }: { id: string }) =>
  (await listed(by, '/views?limit=200')).data.some((view) => view['id'] === id);
const countsOf = async (by: Caller, ids: readonly string[]) =>
  Counts.parse((await by.get(`/views/counts?ids=${ids.join(',')}`).expect(200)).body).data;
const countOf = async (by: Caller, id: string) => (await countsOf(by, [id]))[0];
const forbidden = { status: 403, code: 'forbidden' };

describe('a view of a person', () => {
  it('is made, read, edited and deleted by whom it belongs to, and is nobody else’s', async () => {
    const view = await made(user, { filter: 'isOpen==true', sort: '-openedAt', position: 3 });
    expect(view).toMatchObject({ scope: 'person', owner: { name: 'user' }, mayEdit: true });
    const path = `/views/${view.id}`;
    for (const other of [agent, manager, admin]) {
      expect(await sees(other, view)).toBe(false);
      expect(await refused(other.get(path))).toEqual(notFound);
      expect(await refused(other.get(`${path}/tickets`))).toEqual(notFound);
      const stale = other.patch(path, { name: 'x' }).set('if-match', '"999"');
      expect(await refused(stale)).toEqual(notFound);
      expect(await refused(other.delete(path))).toEqual(notFound);
      expect(await countOf(other, view.id)).toMatchObject({ count: null, reason: 'notFound' });
    }
    const edited = await user.patch(path, { filter: null, fields: ['number'] }).expect(200);
    expect(edited.body).toMatchObject({ filter: null, fields: ['number'], revision: 2 });
    await user.delete(path).expect(204);
    expect(await refused(user.get(path))).toEqual(notFound);
  });

  it('is no line of the audit log; those of all others are', async () => {
    const [own, shared] = [await made(manager), await made(manager, { scope: 'organization' })];
    const events = await listed(admin, '/audit-events?limit=50');
    const targets = events.data.map(
      (event) => z.object({ id: z.string() }).parse(event['target']).id,
    );
    expect([targets.includes(own.id), targets.includes(shared.id)]).toEqual([false, true]);
  });

  it('has a name once', async () => {
    const view = await made(user);
    const again = user.post('/views', wish({ name: view.name }));
    expect(await refused(again)).toMatchObject({ status: 409, code: 'conflict' });
    await agent.post('/views', wish({ name: view.name })).expect(201);
  });

  it('is not for a program whose scopes do not name it', async () => {
    const me = { name: 't', scopes: ['incident:read'] };
    const answer = await manager.post('/me/api-tokens', me);
    const { token } = z.object({ token: z.string() }).parse(answer.body);
    const program = manager.post('/views', wish()).set('authorization', `Bearer ${token}`);
    expect(await refused(program)).toEqual(forbidden);
  });
});

describe('a view of a team', () => {
  it('is read by its members; its lead and whoever manages views write it', async () => {
    const view = await made(lead, forTeam('Network'));
    const path = `/views/${view.id}`;
    expect(await sees(colleague, view)).toBe(true);
    expect(await refused(colleague.patch(path, { name: 'Mine' }))).toEqual(forbidden);
    expect(await refused(colleague.delete(path))).toEqual(forbidden);
    expect(await refused(colleague.post('/views', wish(forTeam('Network'))))).toEqual(forbidden);
    expect(await sees(agent, view)).toBe(false);
    expect(await refused(agent.patch(path, { name: 'Mine' }))).toEqual(notFound);
    await lead.patch(path, { name: 'Ours' }).expect(200);
    await manager.patch(path, { position: 2 }).expect(200);
    await manager.delete(path).expect(204);
  });

  it('follows who is in the team at once', async () => {
    const view = await made(lead, forTeam('Network'));
    await admin
      .post(`/teams/${world.id('team', 'Network')}/members`, {
        userId: world.id('person', 'agent'),
      })
      .expect(204);
    expect(await sees(agent, view)).toBe(true);
    await admin
      .delete(`/teams/${world.id('team', 'Network')}/members/${world.id('person', 'agent')}`)
      .expect(204);
    expect(await sees(agent, view)).toBe(false);
  });

  it('names its team, and no other scope names one', async () => {
    const wrong = lead.post('/views', wish({ scope: 'team' }));
    expect(await refused(wrong)).toEqual(invalidAt('/teamId'));
    const both = lead.post('/views', wish({ ...forTeam('Network'), scope: 'person' }));
    expect(await refused(both)).toEqual(invalidAt('/teamId'));
  });
});

describe('a view of the organization', () => {
  it('is read by everybody, written by whoever manages views', async () => {
    const view = await made(manager, { scope: 'organization' });
    for (const caller of [user, agent, lead]) {
      expect(await sees(caller, view)).toBe(true);
      expect(await refused(caller.patch(`/views/${view.id}`, { name: 'x' }))).toEqual(forbidden);
      const own = caller.post('/views', wish({ scope: 'organization' }));
      expect(await refused(own)).toEqual(forbidden);
    }
  });

  it('is there on the first day', async () => {
    const neighbour = await (await world.neighbour()).as('user');
    const { data } = await listed(neighbour, '/views');
    expect(data.map(({ name, isBroken, mayEdit }) => [name, isBroken, mayEdit])).toEqual([
      ['My open tickets', false, false],
      ["My teams' unassigned", false, false],
      ['Overdue', false, false],
      ['Awaiting my approval', false, false],
    ]);
  });
});

describe('what a view asks', () => {
  it.each([
    [{ filter: 'colour==red' }, '/filter'],
    [{ filter: 'assignee==myTeams' }, '/filter'],
    [{ filter: 'team==me' }, '/filter'],
    [{ filter: 'openedAt=ge=-P' }, '/filter'],
    [{ filter: 'openedAt=ge=-P1W2D' }, '/filter'],
    [{ sort: 'mood' }, '/sort'],
    [{ fields: ['number', 'mood'] }, '/fields'],
    [{ ticketType: 'poem' }, '/ticketType'],
    [{ ticketType: 'tickets', fields: ['pendingReason'] }, '/fields'],
  ])('is what its list takes: %j', async (given, pointer) => {
    expect(await refused(user.post('/views', wish(given)))).toEqual(invalidAt(pointer));
  });

  it('is checked again when it is edited', async () => {
    const view = await made(user, { filter: 'isOpen==true' });
    const wrong = user.patch(`/views/${view.id}`, { filter: 'isOpen==maybe' });
    expect(await refused(wrong)).toEqual(invalidAt('/filter'));
  });

  it('may break later, which hurts no other view', async () => {
    const [broken, sound] = [await made(user), await made(user)];
    await world.rows(`update views set filter = 'colour==red' where id = $1`, [broken.id]);
    expect((await user.get(`/views/${broken.id}`)).body).toMatchObject({ isBroken: true });
    const run = await refused(user.get(`/views/${broken.id}/tickets`));
    expect(run).toMatchObject({ status: 409, code: 'conflict' });
    expect(await countsOf(user, [broken.id, sound.id])).toMatchObject([
      { count: null, reason: 'broken' },
      { reason: null },
    ]);
    const mended = await user.patch(`/views/${broken.id}`, { filter: 'isOpen==true' });
    expect(mended.body).toMatchObject({ isBroken: false });
  });
});

describe('the tickets of a view', () => {
  it('are those of its list, for whoever looks', async () => {
    for (let n = 0; n < 3; n += 1) await opened(user, { title: 'Ours' });
    await opened(agent, { title: 'Ours' });
    const filter = 'title==Ours';
    const view = await made(manager, { scope: 'organization', filter, fields: ['id', 'title'] });
    const path = `/views/${view.id}/tickets?limit=2&count=true`;
    const first = await listed(user, path);
    expect(first).toMatchObject({ total: 3, page: { hasMore: true } });
    expect(Object.keys(first.data[0] ?? {}).sort()).toEqual(['id', 'title']);
    const rest = await listed(user, `${path}&cursor=${String(first.page.nextCursor)}`);
    const list = await listed(user, `/incidents?q=${filter}&fields=id,title`);
    expect([...first.data, ...rest.data]).toEqual(list.data);
    expect(await listed(agent, path)).toMatchObject({ total: 4 });
    expect(await countsOf(user, [view.id])).toMatchObject([{ count: 3, isCapped: false }]);
    expect(await countsOf(agent, [view.id])).toMatchObject([{ count: 4, isCapped: false }]);
  });

  it('of one’s teams, and unassigned, follow membership and assignment at once', async () => {
    const team = world.id('team', 'Network');
    const userId = world.id('person', 'agent');
    await opened(user, { serviceId: world.id('service', 'Mail'), title: 'For Network' });
    const view = await made(agent, { filter: 'team==myTeams;title=="For Network"' });
    const others = await made(agent, { filter: 'team!=myTeams;title=="For Network"' });
    const either = await made(agent, { filter: `team=in=(myTeams,${team});title=="For Network"` });
    const now = async () =>
      (await countsOf(agent, [view.id, others.id, either.id])).map(({ count }) => count);
    expect(await now()).toEqual([0, 1, 1]);
    await admin.post(`/teams/${team}/members`, { userId }).expect(204);
    expect(await now()).toEqual([1, 0, 1]);
    await admin.delete(`/teams/${team}/members/${userId}`).expect(204);
    expect(await now()).toEqual([0, 1, 1]);
  });

  it('that I watch are mine as long as I watch', async () => {
    const ticket = await opened(user);
    const view = await made(colleague, { filter: 'watcher==me' });
    const userId = world.id('person', 'colleague');
    expect(await countOf(colleague, view.id)).toMatchObject({ count: 0 });
    await agent.post(`/incidents/${ticket.id}/watchers`, { userId }).expect(200);
    expect(await countOf(colleague, view.id)).toMatchObject({ count: 1 });
    expect(await countOf(agent, (await made(agent, { filter: 'watcher==me' })).id)).toMatchObject({
      count: 0,
    });
  });

  it('that await me are also those that await whom I act for; what is assigned to me is mine alone', async () => {
    const approvers = [{ kind: 'person', id: world.id('person', 'lead') }];
    const question = { title: 'May we?', description: 'x', approvers, mayApproveOwn: true };
    await manager.post('/approvals', question).expect(201);
    const awaiting = await made(agent, { ticketType: 'tickets', filter: 'awaited==me' });
    const ofType = await made(agent, { ticketType: 'approval', filter: 'approver==me' });
    const assigned = await made(agent, { ticketType: 'tickets', filter: 'assignee==me' });
    const ids = [awaiting.id, ofType.id, assigned.id];
    const now = async () => (await countsOf(agent, ids)).map(({ count }) => count);
    const before = await now();
    expect(before).toEqual([0, 0, before[2]]);
    const from = new Date(Date.now() - 60_000).toISOString();
    await lead
      .post('/me/delegations', {
        ...{ substituteId: world.id('person', 'agent'), from },
        until: new Date(Date.now() + 3_600_000).toISOString(),
      })
      .expect(201);
    expect(await now()).toEqual([1, 1, before[2]]);
  });

  it('may be bound by time as seen from now', async () => {
    const ticket = await opened(user, { title: 'Old' });
    await world.rows(`update tickets set opened_at = now() - interval '8 days' where id = $1`, [
      ticket.id,
    ]);
    const count = async (filter: string) =>
      (await countOf(user, (await made(user, { filter: `title==Old;${filter}` })).id))?.count;
    expect(await count('openedAt=ge=-P7D')).toBe(0);
    expect(await count('openedAt=ge=-P2W')).toBe(1);
    expect(await count('openedAt=ge=-P9D')).toBe(1);
    expect(await count('openedAt<now;openedAt=gt=-P8DT2H')).toBe(1);
  });
});

describe('counts', () => {
  it('are those of the lists, whatever is asked', async () => {
    const fields = ['isOpen', 'priority', 'state', 'isOverdue', 'openedAt', 'assignee', 'team'];
    const values: Record<string, readonly string[]> = {
      isOpen: ['==true', '==false'],
      priority: ['=le=P2', '==P3', '=isnull=true', '=out=(P1,P4)'],
      state: ['==new', '=in=(new,assigned,inProgress)', '!=new'],
      isOverdue: ['==true', '!=true'],
      openedAt: ['=ge=-P1D', '<-PT1H', '=gt=2020-01-01'],
      assignee: ['==me', '!=me', '=isnull=true'],
      team: ['==myTeams', '!=myTeams'],
    };
    const comparison = fc
      .constantFrom(...fields)
      .chain((name) => fc.constantFrom(...(values[name] ?? [])).map((text) => name + text));
    const filters = fc
      .array(fc.tuple(comparison, fc.constantFrom(';', ',')), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map(([text, by], n) => (n === 0 ? text : by + text)).join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(filters, fc.constantFrom('incident', 'tickets')), {
          minLength: 5,
          maxLength: 5,
        }),
        fc.constantFrom('user', 'agent', 'manager'),
        async (wishes, who) => {
          const caller = { user, agent, manager }[who];
          const views = [];
          for (const [filter, ticketType] of wishes) {
            views.push(await made(caller, { filter, ticketType }));
          }
          const counts = await countsOf(
            caller,
            views.map(({ id }) => id),
          );
          const totals = [];
          for (const [filter, ticketType] of wishes) {
            const path = ticketType === 'incident' ? '/incidents' : '/tickets';
            const query = `limit=1&count=true&q=${encodeURIComponent(filter)}`;
            totals.push((await listed(caller, `${path}?${query}`)).total);
          }
          expect(counts.map(({ count }) => count)).toEqual(totals);
          for (const { id } of views) await caller.delete(`/views/${id}`).expect(204);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('say that there are more than a thousand', async () => {
    const { id } = await opened(user, { title: 'Many' });
    await world.rows(
      `insert into tickets select (jsonb_populate_record(t, jsonb_build_object(
         'id', gen_random_uuid(), 'number', 'INC9' || lpad(n::text, 6, '0'), 'is_settled', true))).*
         from tickets t, generate_series(1, 1000) n where t.id = $1`,
      [id],
    );
    const view = await made(user, { filter: 'title==Many' });
    expect(await countOf(user, view.id)).toMatchObject({ count: 1000, isCapped: true });
  });

  it('are of at most fifty views, by their ids', async () => {
    const ids = Array.from({ length: 51 }, (_, n) => world.id('team', String(n)));
    expect((await user.get(`/views/counts?ids=${ids.join(',')}`)).status).toBe(422);
    expect((await user.get('/views/counts?ids=x')).status).toBe(422);
    expect((await user.get('/views/counts')).status).toBe(422);
  });
});
