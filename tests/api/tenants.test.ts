/**
 * Two organizations in one installation: an administrator of the one puts ids of the other into every
 * path, body and filter that the document names. Nothing is found, nothing leaks, nothing changes.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { processes } from '../../workflows/registry';
import { eventually, openWorld, type World } from '../harness';
import { catalogBodies, catalogThings } from './catalog-bodies';
import { changeBodies } from './change-bodies';
import { ended as problemEnded, problemBodies } from './problem-bodies';
import {
  board,
  connection,
  definition,
  freeze,
  maintenance,
  role,
  rule,
  standIn,
  template,
  token,
  view,
} from './ground-bodies';
import { opened, type Caller } from './incident';
import { kindsIn } from './kinds';
import { operationsOf, type Operation } from './operations';
import { lifeBodies } from './life-bodies';
import { policyBodies, policyBody } from './policy-bodies';
import { bodiesOf, type Bodies } from './ticket-bodies';

const Made = z.object({ id: z.string() });

let world: World;
let other: Awaited<ReturnType<World['neighbour']>>;
let admin: Caller;
let operations: Operation[];
let bodies: Bodies;
/** Things of the other organization by kind. */
let foreign: Record<string, string>;
let own: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  other = await world.neighbour();
  admin = await world.as('admin');
  operations = await operationsOf(world.app);
  bodies = await bodiesOf(world.app);
  foreign = await thingsOf(await other.as('admin'), other);
  own = await thingsOf(admin, world);
});
afterAll(() => world.close());

/** One of each kind that an id may name. */
async function thingsOf(by: Caller, { id, slug }: Pick<World, 'id' | 'slug'>) {
  const make = async (path: string, body: object) =>
    Made.parse((await by.post(path, body)).body).id;
  const account = await make('/service-accounts', { name: 'Robot' });
  const token = { name: 'S3cr3t', scopes: ['incident:read'] };
  const incident = await opened(by, { title: 'S3cr3t' });
  const approvers = [{ kind: 'person', id: id('person', 'manager') }];
  const question = { title: 'S3cr3t', description: 'S3cr3t', approvers, mayApproveOwn: true };
  const Sessions = z.object({ data: z.array(Made) });
  const invited = { name: 'S3cr3t', email: `invited@${slug}.example` };
  await make('/users', invited);
  const boardId = await make('/boards', { ...board(id), name: 'S3cr3t' });
  const calendar = await make('/calendars', { name: 'S3cr3t', definition });
  return {
    ...(await othersOf(make, id)),
    ...(await orderedThings(make, by)),
    person: id('person', 'user'),
    team: id('team', 'Service desk'),
    service: id('service', 'Mail'),
    category: id('category', 'Software'),
    location: await make('/locations', { name: 'S3cr3t' }),
    calendar,
    policy: await make('/sla-policies', { ...policyBody(calendar), name: 'S3cr3t' }),
    run: await make(`/calendars/${calendar}/actions/apply`, {}),
    role: await make('/roles', { name: 'S3cr3t', permissions: ['audit:read'] }),
    account,
    token: await make(`/service-accounts/${account}/tokens`, token),
    ownToken: await make('/me/api-tokens', token),
    incident: incident.id,
    attachment: await attachedTo(by, incident.id),
    approval: await make('/approvals', question),
    change: await make('/changes', { title: 'S3cr3t', description: 'S3cr3t' }),
    problem: await make(
      `/problems/${await make('/problems', { title: 'S3cr3t', description: 'S3cr3t' })}/actions/resolve`,
      problemEnded,
    ),
    session: Sessions.parse((await by.get('/me/sessions')).body).data[0]?.id ?? '',
    delegation: await make(`/users/${id('person', 'lead')}/delegations`, standIn(id)),
    ownDelegation: await make('/me/delegations', standIn(id)),
    mail: Sessions.parse((await by.get('/mails')).body).data[0]?.id ?? '',
    board: boardId,
    meeting: await make(`/boards/${boardId}/meetings`, {
      startsAt: '2090-01-01T00:00:00Z',
      minutes: 'S3cr3t',
    }),
    freeze: await make('/freezes', { ...freeze(id), name: 'S3cr3t' }),
    maintenance: await make('/maintenance-windows', { ...maintenance(id), name: 'S3cr3t' }),
    connection: await make('/connections', { ...connection(), secret: 'S3cr3t-between-both' }),
    template: await make('/change-templates', { ...template(id), name: 'S3cr3t' }),
    assignmentRule: await make('/assignment-rules', { ...rule(id), name: 'S3cr3t' }),
    view: await make('/views', { ...view(id), name: 'S3cr3t' }),
    event: Sessions.parse((await by.get('/audit-events')).body).data[0]?.id ?? '',
  };
}

const Ordered = z.object({ requests: z.array(Made).min(1) });
const Tasks = z.object({ data: z.array(Made) });

/** An order, its request, and the task that this gives to somebody once its life has begun. */
async function orderedThings(make: (path: string, body: object) => Promise<string>, by: Caller) {
  const things = await catalogThings(make);
  const { requests } = Ordered.parse((await by.get(`/orders/${things.order}`)).body);
  const request = requests[0]?.id ?? '';
  const task = await eventually('a task of the request', async () => {
    const { data } = Tasks.parse((await by.get(`/tasks?q=subject==${request}`)).body);
    return data[0]?.id;
  });
  return { ...things, request, task };
}

/** A file of an incident. */
async function attachedTo(by: Caller, id: string): Promise<string> {
  const answer = await by.post(`/incidents/${id}/attachments?name=S3cr3t`, Buffer.from('S3cr3t'));
  return Made.parse(answer.body).id;
}

/** Types of tickets for which nobody has written down bodies here; by their address. */
const otherTypes = () =>
  processes
    .map(({ declaration }) => declaration)
    .filter(({ path }) => samples[`post /${path}`] === undefined);

/** A ticket of each of them. */
async function othersOf(make: (path: string, body: object) => Promise<string>, id: World['id']) {
  const openedByPeople = otherTypes().filter(({ opening }) => opening.by !== 'lives');
  const made = openedByPeople.map(async ({ type, path }): Promise<[string, string]> => {
    const body = bodies(`post /${path}`, idsOf(id));
    return [type, await make(`/${path}`, { ...body, title: 'S3cr3t' })];
  });
  return Object.fromEntries(await Promise.all(made));
}

const idsOf = (id: World['id']): Record<string, string> => ({
  ...{ teamId: id('team', 'Service desk'), assigneeId: id('person', 'agent') },
  ...{ serviceId: id('service', 'Mail'), categoryId: id('category', 'Software') },
  ...{ requesterId: id('person', 'user'), userId: id('person', 'user') },
});

/** A body that is right: written down, or made for a ticket of another type. */
const sampleOf = (name: string): object | undefined =>
  samples[name]?.() ??
  (otherTypes().some(({ path }) => name.split(/[ /]+/)[1] === path)
    ? bodies(name, idsOf(world.id))
    : undefined);

/** Bodies that are right but for the foreign id that goes in: for each operation that takes one. */
const samples: Record<string, () => object> = {
  'post /auth/login': () => ({ email: 'a@b.example', password: 'x' }),
  'post /auth/refresh': () => ({ refreshToken: 'x' }),
  'post /auth/second-factor': () => ({ challenge: 'x', code: '123456' }),
  'post /auth/logout': () => ({ refreshToken: 'x' }),
  'post /me/change-password': () => ({ currentPassword: 'x', newPassword: 'y' }),
  'post /auth/forgot-password': () => ({ email: 'a@b.example' }),
  'post /auth/reset-password': () => ({ token: 'x', newPassword: 'y' }),
  'post /me/step-up': () => ({ password: 'x' }),
  'post /me/second-factor': () => ({ password: 'x' }),
  'post /me/second-factor/actions/confirm': () => ({ code: '123456' }),
  'post /setup': () => ({}),
  'patch /organization': () => ({ defaultTeamId: own['team'] }),
  'post /me/notifications/actions/read': () => ({ ids: [own['incident']] }),
  'post /incidents/suggestions': () => ({
    ...{ title: 'x', serviceId: own['service'], categoryId: own['category'] },
  }),
  'post /me/api-tokens': () => token,
  ...lifeBodies(
    () => own,
    (name) => world.id('person', name),
  ),
  'post /users': () => ({
    ...{ name: 'x', email: `${Math.random()}@${world.slug}.example` },
    ...{ managerId: own['person'], locationId: own['location'], roleIds: [own['role']] },
  }),
  'patch /users/{id}': () => ({
    managerId: world.id('person', 'manager'),
    locationId: own['location'],
  }),
  'post /users/actions/import': () => ({ csv: 'email' }),
  'post /users/actions/bulk': () => ({ ids: [own['person']], action: 'unlock' }),
  'post /users/{id}/actions/reset-password': () => ({ password: 'Correct-horse-3' }),
  'post /me/delegations': () => standIn(world.id),
  'post /users/{id}/delegations': () => standIn(world.id),
  'post /roles': role,
  'patch /roles/{id}': role,
  'put /users/{id}/roles/{roleId}': () => ({ validUntil: null }),
  'post /service-accounts': () => ({ name: 'x' }),
  'patch /service-accounts/{id}': () => ({ name: 'x' }),
  'post /service-accounts/{id}/tokens': () => token,
  'post /teams': () => ({
    name: `Team ${Math.random()}`,
    ...{ leadId: own['person'], calendarId: own['calendar'] },
  }),
  'patch /teams/{id}': () => ({ leadId: own['person'], calendarId: own['calendar'] }),
  'post /teams/{id}/members': () => ({ userId: own['person'] }),
  'post /services': () => ({
    name: `Service ${Math.random()}`,
    ...{ teamId: own['team'], ownerId: own['person'] },
    ...{ calendarId: own['calendar'], dependsOn: [own['service']] },
  }),
  'patch /services/{id}': () => ({
    ...{ teamId: own['team'], ownerId: own['person'] },
    ...{ calendarId: own['calendar'], dependsOn: [] },
  }),
  'post /calendars': () => ({ name: `Calendar ${Math.random()}`, definition }),
  'patch /calendars/{id}': () => ({ definition }),
  'post /calendars/preview': () => ({ calendar: definition, questions: [] }),
  'post /calendars/{id}/preview': () => ({ questions: [] }),
  'post /calendars/{id}/holidays': () => ({ date: '2090-01-01', name: 'x' }),
  'patch /calendars/{id}/holidays/{date}': () => ({ name: 'x' }),
  'post /calendars/{id}/holidays/actions/import': () => ({ country: 'DE', years: [2090] }),
  'post /categories': () => ({ name: `Category ${Math.random()}`, parentId: own['category'] }),
  'patch /categories/{id}': () => ({ parentId: null }),
  'post /locations': () => ({ name: `Location ${Math.random()}` }),
  'patch /locations/{id}': () => ({ name: `Location ${Math.random()}` }),
  'post /boards': () => board(world.id),
  'patch /boards/{id}': () => board(world.id),
  'post /freezes': () => freeze(world.id),
  'patch /freezes/{id}': () => freeze(world.id),
  'post /maintenance-windows': () => maintenance(world.id),
  'patch /maintenance-windows/{id}': () => maintenance(world.id),
  'post /assignment-rules': () => rule(world.id),
  'patch /assignment-rules/{id}': () => rule(world.id),
  'post /connections': connection,
  'patch /connections/{id}': () => ({ isActive: false }),
  'post /connections/{id}/actions/test': () => ({ path: '/' }),
  'post /change-templates': () => template(world.id),
  'patch /change-templates/{id}': () => template(world.id),
  'post /views': () => view(world.id),
  'patch /views/{id}': () => ({ filter: 'isOpen==true' }),
  ...policyBodies(() => own),
  ...Object.fromEntries(
    processes.flatMap(({ declaration: { path } }): [string, () => object][] => [
      [`put /${path}/{id}/tags`, () => ({ tags: ['vpn'] })],
      [`post /${path}/{id}/links`, () => ({ kind: 'relates', ticketId: own['incident'] })],
      [`post /${path}/{id}/links/bulk`, () => ({ kind: 'relates', ticketIds: [own['incident']] })],
    ]),
  ),
  ...catalogBodies(() => own),
  ...changeBodies(
    () => own,
    (name) => world.id('person', name),
  ),
  ...problemBodies(
    () => own,
    (name) => world.id('person', name),
  ),
};

/** Answers for each id by itself. */
const isBulk = (name: string) => name.endsWith('bulk');

/** Taking off a list who is not on it is no error, whoever it is. */
const isHarmless = (name: string) => /^delete \/[a-z-]+\/\{id\}\/watchers\/\{userId\}$/.test(name);

const isId = (member: string) => /(^ids?|Ids?|dependsOn)$/.test(member);

/** The address with ids of these kinds, from these things at each place. */
function addressOf(path: string, from: readonly Record<string, string>[]): string {
  const kinds = kindsIn(path);
  let k = -1;
  return path
    .replace('{kind}', 'relates')
    .replaceAll(/\{\w+\}/g, () => from[(k += 1)]?.[kinds[k] ?? ''] ?? 'missing');
}

function send({ name, method }: Operation, address: string, body = sampleOf(name)) {
  if (method === 'get' || method === 'delete') return admin[method](address);
  return admin[method](address, body ?? {});
}

function expectNoLeak(text: string, sent: string): void {
  const marks = ['S3cr3t', other.slug, other.organizationId, ...Object.values(foreign)];
  for (const mark of marks) if (!sent.includes(mark)) expect(text).not.toContain(mark);
}

async function rowsOf(organizationId: string): Promise<string> {
  const tables = await world.rows(
    `select table_name from information_schema.columns
      where column_name = 'organization_id' and table_schema = 'public' order by 1`,
  );
  const hash = createHash('sha256');
  for (const { table_name: table } of tables) {
    const rows = await world.rows(
      `select md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum
         from ${String(table)} t where organization_id = $1`,
      [organizationId],
    );
    hash.update(`${String(table)} ${String(rows[0]?.['sum'])}\n`);
  }
  return hash.digest('hex');
}

describe('an administrator of another organization', () => {
  let before: string;
  beforeAll(async () => {
    before = await rowsOf(other.organizationId);
  });

  it('has a sample for every operation that takes a body, with every id in it', () => {
    const taking = operations.filter(({ body }) => body !== undefined);
    expect(taking.length).toBeGreaterThan(40);
    for (const { name, body = [] } of taking) {
      const sample = sampleOf(name);
      expect([
        name,
        Object.keys(sample ?? {})
          .filter(isId)
          .sort(),
      ]).toEqual([name, body.filter((member) => isId(member)).sort()]);
    }
  });

  it('finds nothing at a path with a foreign id, in whichever place', async () => {
    const named = operations.filter(({ path }) => path.includes('{'));
    expect(named.length).toBeGreaterThan(50);
    for (const operation of named) {
      const places = kindsIn(operation.path).length;
      for (let place = 0; place < places; place++) {
        const from = Array.from({ length: places }, (_, k) => (k === place ? foreign : own));
        const address = addressOf(operation.path, from);
        const { status, text } = await send(operation, address);
        expect([operation.name, place, status]).toEqual([
          operation.name,
          place,
          place === 1 && isHarmless(operation.name) ? 204 : 404,
        ]);
        expectNoLeak(text, address);
      }
    }
  });

  it('is refused a foreign id in a body, and nothing is made', async () => {
    const naming = operations.filter(({ name, body }) => !isBulk(name) && body?.some(isId));
    for (const operation of naming) {
      for (const member of operation.body?.filter(isId) ?? []) {
        const sample = z.record(z.string(), z.unknown()).parse(sampleOf(operation.name));
        for (const id of Object.values(foreign)) {
          const value = Array.isArray(sample[member]) ? [id] : id;
          const address = addressOf(operation.path, [own, own]);
          const { status, text } = await send(operation, address, { ...sample, [member]: value });
          // Reading what is not mine is no error: it changes nothing.
          const expected = operation.name.includes('notifications') ? [200, 204] : [422, 404];
          expect([operation.name, member, expected.includes(status), status]).toEqual([
            operation.name,
            member,
            true,
            status,
          ]);
          expectNoLeak(text, id);
        }
      }
    }
  });

  it('is told of each foreign id in an act on many that nobody is there', async () => {
    const ids = Object.values(foreign);
    for (const action of ['deactivate', 'activate', 'unlock']) {
      const answer = await admin.post('/users/actions/bulk', { ids, action });
      const data = ids.map((id) => ({ id, outcome: 'refused', error: { code: 'not_found' } }));
      expect([answer.status, answer.body]).toMatchObject([200, { data }]);
      expectNoLeak(answer.text, ids.join());
    }
  });

  it('is told of each foreign id in links to many that it is not there', async () => {
    const ticketIds = Object.values(foreign);
    const links = operations.filter(({ name }) => name.endsWith('/links/bulk'));
    expect(links.length).toBeGreaterThan(3);
    for (const { path } of links) {
      const body = { kind: 'relates', ticketIds };
      const answer = await admin.post(addressOf(path, [own]), body);
      const data = ticketIds.map((ticketId) => ({ ticketId, error: { code: 'not_found' } }));
      expect([answer.status, answer.body]).toMatchObject([200, { data }]);
    }
  });

  it('finds nothing by a filter with a foreign id', async () => {
    const filters = operations
      .filter(({ method }) => method === 'get')
      .flatMap(({ path, query }) =>
        query
          .filter((name) => /^filter\[\w+\]$/.test(name))
          .map((name) => `${addressOf(path, [own, own])}?${encodeURIComponent(name)}=`),
      );
    expect(filters.length).toBeGreaterThan(40);
    for (const filter of filters) {
      for (const id of Object.values(foreign)) {
        const answer = await admin.get(filter + id);
        expect([filter, [200, 400, 422].includes(answer.status)]).toEqual([filter, true]);
        if (answer.status === 200) expect(answer.body).toMatchObject({ data: [] });
        expectNoLeak(answer.text, id);
      }
    }
  });

  it('has changed nothing of theirs', async () => {
    expect(await rowsOf(other.organizationId)).toBe(before);
  });
});
