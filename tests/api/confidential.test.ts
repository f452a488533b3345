/** Tickets that one team alone sees: on every reading route, for every kind of viewer, by every way in. */
import supertest from 'supertest';
import { z } from 'zod';
import { holdfast } from '../../models/tickets/fact';
import { openRow, who } from '../database/row';
import { openWorld, type World } from '../harness';
import { acted, aReport, each, invalidAt, listed, notFound, opened, refused } from './incident';
import { ticketOf, type Caller, type Ticket } from './incident';

let world: World;
let admin: Caller;
/** In the team Human resources; nobody else of these is. */
let member: Caller;
let outsider: Caller;
let user: Caller;
let team: string;
let service: string;

const Made = z.looseObject({ id: z.string() });
const Token = z.object({ token: z.string() });
const made = async (path: string, body: object) =>
  Made.parse((await admin.post(path, body).expect(201)).body).id;
const person = (name: string) => world.id('person', name);
const join = (name: string) =>
  admin.post(`/teams/${team}/members`, { userId: person(name) }).expect(204);
const leave = (name: string) => admin.delete(`/teams/${team}/members/${person(name)}`).expect(204);

beforeAll(async () => {
  world = await openWorld();
  [admin, member, outsider, user] = (await Promise.all(
    ['admin', 'agent', 'colleague', 'user'].map((name) => world.as(name)),
  )) as [Caller, Caller, Caller, Caller];
  team = await made('/teams', { name: 'Human resources' });
  await join('agent');
  service = await made('/services', { name: 'Staff matters', teamId: team, isConfidential: true });
});
afterAll(() => world.close());

const confided = (by: Caller = user, more: object = {}) =>
  opened(by, { serviceId: service, ...more });
const clock = '/sla/resolution/explain';
const views = ['', '/actions', '/comments', '/watchers', '/events', '/agenda', '/sla', clock];
/** The same in every view, list, count and search. */
const isSeen = async (caller: Pick<Caller, 'get'>, { id, number }: Ticket): Promise<boolean> => {
  const statuses = new Set<boolean>();
  for (const name of [id, number])
    for (const view of views) {
      const { status } = await caller.get(`/incidents/${name}${view}`);
      expect([200, 404]).toContain(status);
      statuses.add(status === 200);
    }
  for (const query of [`filter[number]=${number}`, `q=number==${number}`, 'sort=-openedAt']) {
    const { data, total } = await listed(caller, `/incidents?${query}&limit=100&count=true`);
    statuses.add(data.some((one) => one['id'] === id));
    if (query.includes(number)) statuses.add(total === 1);
  }
  expect(statuses.size).toBe(1);
  return statuses.has(true);
};
const program = (token: string): Pick<Caller, 'get'> => ({
  get: (path) => supertest(world.app).get(`/api/v1${path}`).set('authorization', `Bearer ${token}`),
});
const tokenOf = async (by: Caller, scopes: readonly string[]) =>
  program(Token.parse((await by.post('/me/api-tokens', { name: 't', scopes })).body).token);
const reading = ['incident:read', 'incident:all', 'note:internal'];

describe('who sees a confidential ticket', () => {
  let ticket: Ticket;
  beforeAll(async () => {
    ticket = await confided();
    expect(ticket).toMatchObject({ isConfidential: true, team: { id: team } });
  });

  it.each([
    ['a member of the team', () => world.as('agent'), true],
    ['another agent', () => world.as('colleague'), false],
    ['a manager', () => world.as('manager'), false],
    ['an administrator', () => world.as('admin'), true],
    ['its requester', () => world.as('user'), true],
    ['another end user', () => world.as('stranger'), false],
    ['a program that may see all', () => tokenOf(admin, [...reading, 'ticket:confidential']), true],
    ['a program without the scope', () => tokenOf(admin, reading), false],
    ['a program of a member', () => tokenOf(member, reading), false],
    ['a program of its requester', () => tokenOf(user, ['incident:read']), true],
  ])('%s: on every route, in lists, counts and searches', async (_, viewer, sees) => {
    const who = await viewer();
    expect(await isSeen(who, ticket)).toBe(sees);
    const path = '/incidents?filter[isConfidential]=true&limit=100';
    expect((await each(who, path, 'id')).includes(ticket.id)).toBe(sees);
  });

  it('who watches it, and who does not any more', async () => {
    const stranger = await world.as('stranger');
    const userId = person('stranger');
    await member.post(`/incidents/${ticket.id}/watchers`, { userId }).expect(200);
    expect(await isSeen(stranger, ticket)).toBe(true);
    await member.delete(`/incidents/${ticket.id}/watchers/${userId}`).expect(204);
    expect(await isSeen(stranger, ticket)).toBe(false);
  });

  it('who is in the team now, not when it was opened', async () => {
    await join('colleague');
    expect(await isSeen(outsider, ticket)).toBe(true);
    await leave('colleague');
    expect(await isSeen(outsider, ticket)).toBe(false);
  });

  it('who has it, also when they have left the team', async () => {
    const other = await confided();
    await join('colleague');
    await acted(member, other, 'assign', { assigneeId: person('colleague') });
    await leave('colleague');
    expect(await isSeen(outsider, other)).toBe(true);
    expect(
      (await tokenOf(outsider, reading).then((one) => one.get(`/incidents/${other.id}`))).status,
    ).toBe(404);
  });

  it('whoever holds a role with the permission, as long as they hold it', async () => {
    const role = await made('/roles', { name: 'Auditor', permissions: ['ticket:confidential'] });
    const manager = await world.as('manager');
    await admin.put(`/users/${person('manager')}/roles/${role}`, { validUntil: null }).expect(204);
    expect(await isSeen(manager, ticket)).toBe(true);
    await admin.delete(`/users/${person('manager')}/roles/${role}`).expect(204);
    expect(await isSeen(manager, ticket)).toBe(false);
  });

  it('nobody else writes to it either', async () => {
    const path = `/incidents/${ticket.id}`;
    for (const call of [
      outsider.patch(path, { title: 'x' }),
      outsider.patch(path, { isConfidential: false }),
      outsider.post(`${path}/comments`, { body: 'x', isPublic: false }),
      outsider.post(`${path}/watchers`),
      outsider.delete(`${path}/watchers/${person('user')}`),
      outsider.post(`${path}/actions/start`),
      outsider.post(`${path}/actions/assign`, { assigneeId: person('colleague') }),
    ])
      expect(await refused(call)).toEqual(notFound);
    const now = ticketOf(await member.get(path));
    expect(now).toMatchObject({ title: aReport.title, state: 'new' });
  });
});

describe('an agent who reports something of their own', () => {
  it('sees it as everybody does: no internal notes, no commands of agents, nobody else let in', async () => {
    const ticket = await confided(outsider);
    const path = `/incidents/${ticket.id}`;
    expect(ticket.allowed).toEqual(['cancel']);
    await member.post(`${path}/comments`, { body: 'S3cr3t', isPublic: false }).expect(201);
    expect(await each(outsider, `${path}/comments`, 'body')).toEqual([]);
    expect(await each(outsider, `${path}/events`, 'visibility')).not.toContain('internal');
    expect(await each(member, `${path}/comments`, 'body')).toEqual(['S3cr3t']);
    const forbidden = { status: 403, code: 'forbidden' };
    for (const call of [
      outsider.post(`${path}/comments`, { body: 'x', isPublic: false }),
      outsider.post(`${path}/watchers`, { userId: person('stranger') }),
      outsider.patch(path, { isConfidential: false }),
      outsider.post(`${path}/actions/start`),
    ])
      expect(await refused(call)).toMatchObject(forbidden);
    expect((await acted(outsider, ticket, 'cancel', { reason: 'Solved.' })).state).toBe(
      'cancelled',
    );
  });

  it('who opens one for somebody else is answered, and sees it no more', async () => {
    const call = () =>
      outsider
        .post('/incidents', { ...aReport, serviceId: service, requesterId: person('user') })
        .set('idempotency-key', 'for-another');
    const ticket = ticketOf(await call().expect(201));
    expect(ticket.allowed).toEqual([]);
    expect(await isSeen(outsider, ticket)).toBe(false);
    expect(await isSeen(user, ticket)).toBe(true);
    // The answer was lost: the repeat gets it, and a day later no more.
    await world.rows('delete from idempotency_keys');
    expect(ticketOf(await call().expect(201)).id).toBe(ticket.id);
    await world.rows('delete from idempotency_keys');
    await world.rows(`update tickets set opened_at = now() - interval '25 hours' where id = $1`, [
      ticket.id,
    ]);
    expect(await refused(call())).toEqual(notFound);
  });
});

describe('assigning', () => {
  const cannotSee = invalidAt('/assigneeId');

  it('gives it to nobody who does not see it by themselves, nor to such a substitute', async () => {
    const ticket = await confided();
    const assign = (assigneeId: string) =>
      member.post(`/incidents/${ticket.id}/actions/assign`, { assigneeId });
    expect(await refused(assign(person('colleague')))).toEqual(cannotSee);
    const [from, until] = [-3_600_000, 3_600_000].map((ms) =>
      new Date(Date.now() + ms).toISOString(),
    );
    await member
      .post('/me/delegations', { substituteId: person('colleague'), from, until })
      .expect(201);
    expect(await refused(assign(person('agent')))).toEqual(cannotSee);
    await world.rows('delete from delegations');
    await assign(person('agent')).expect(200);
    await assign(person('admin')).expect(200);
  });

  it('hands it to another team only with the permission, and that team sees it then', async () => {
    const ticket = await confided();
    const desk = world.id('team', 'Network');
    const forbidden = { status: 403, code: 'forbidden' };
    const path = `/incidents/${ticket.id}/actions`;
    expect(await refused(member.post(`${path}/assign`, { teamId: desk }))).toMatchObject(forbidden);
    const escalation = { kind: 'functional', teamId: desk };
    expect(await refused(member.post(`${path}/escalate`, escalation))).toMatchObject(forbidden);
    expect(await isSeen(member, ticket)).toBe(true);
    await acted(admin, ticket, 'assign', { teamId: desk });
    expect([await isSeen(member, ticket), await isSeen(outsider, ticket)]).toEqual([false, true]);
  });

  it('back to nobody leaves it with the team that sees it', async () => {
    const ticket = await confided();
    const free = await acted(member, ticket, 'assign', { teamId: null, assigneeId: null });
    expect(free).toMatchObject({ team: null, isConfidential: true });
    expect([await isSeen(member, ticket), await isSeen(outsider, ticket)]).toEqual([true, false]);
  });
});

describe('what comes late', () => {
  it('a start that was on its way makes nobody see what became confidential', async () => {
    const ticket = await openRow(world, 'incident', {
      ...{ impact: 'low', urgency: 'low', serviceId: service },
    });
    const { outcome } = await ticket.apply({ name: 'start', life: 1, actor: who(world, 'lead') });
    expect(outcome).toMatchObject({ kind: 'refused', code: 'invalid_input' });
  });

  it('what falls back from somebody who has left stays with the team that sees it', async () => {
    const ticket = await openRow(world, 'incident', {
      ...{ impact: 'low', urgency: 'low', serviceId: service },
    });
    const input = { teamId: null, assigneeId: person('agent') };
    await ticket.apply({ name: 'assign', life: 1, input });
    await ticket.apply({
      name: 'released',
      life: 1,
      actor: holdfast,
      input: { userId: input.assigneeId },
    });
    const row = { assignee_id: null, team_id: team, confidential_team_id: team };
    expect(await ticket.row()).toMatchObject(row);
  });
});

describe('becoming confidential, and open again', () => {
  it('an agent moves it to a confidential service, is told so, and sees it no more', async () => {
    const ticket = await opened(user);
    await acted(admin, ticket, 'assign', { assigneeId: person('colleague') });
    const notifications = async () => (await outsider.get('/me/notifications?limit=100')).text;
    expect(await notifications()).toContain(ticket.number);
    const moved = await acted(outsider, ticket, 'classify', { serviceId: service });
    expect(moved).toMatchObject({ isConfidential: true, team: { id: team }, assignee: null });
    expect([await isSeen(outsider, ticket), await isSeen(member, ticket)]).toEqual([false, true]);
    const [last] = (await listed(member, `/incidents/${ticket.id}/events?sort=-version`)).data;
    expect(last).toMatchObject({
      type: 'classified',
      data: { changes: { confidentialTeamId: { from: null, to: team } } },
    });
    expect(await notifications()).not.toContain(ticket.number);
  });

  it('its team does so by PATCH; others may not, nor may a program without the scope', async () => {
    const ticket = await opened(user);
    const path = `/incidents/${ticket.id}`;
    const set = (by: Caller, isConfidential: boolean) => by.patch(path, { isConfidential });
    const manager = await world.as('manager');
    const forbidden = { status: 403, code: 'forbidden' };
    for (const by of [user, manager]) expect(await refused(set(by, true))).toMatchObject(forbidden);
    const scopes = [...reading, 'incident:edit'];
    const wish = { name: 't', scopes };
    const { token } = Token.parse((await member.post('/me/api-tokens', wish)).body);
    const byToken = supertest(world.app)
      .patch(`/api/v1${path}`)
      .set('authorization', `Bearer ${token}`)
      .send({ isConfidential: true });
    expect(await refused(byToken)).toMatchObject(forbidden);
    expect(ticketOf(await set(member, true).expect(200))).toMatchObject({ isConfidential: true });
    // The member is of the Service desk, as is the colleague; the manager is in no team.
    expect([await isSeen(outsider, ticket), await isSeen(manager, ticket)]).toEqual([true, false]);
    const [last] = (await listed(member, `${path}/events?sort=-version`)).data;
    expect(last).toMatchObject({ type: 'edited', data: { fields: ['isConfidential'] } });
    expect(ticketOf(await set(member, false).expect(200))).toMatchObject({ isConfidential: false });
    expect(await isSeen(manager, ticket)).toBe(true);
  });

  it('needs a team that sees it', async () => {
    const ticket = await opened(user);
    await acted(member, ticket, 'assign', { teamId: null, assigneeId: null });
    const call = admin.patch(`/incidents/${ticket.id}`, { isConfidential: true });
    expect(await refused(call)).toEqual(invalidAt('/isConfidential'));
  });

  it('a follow-up of a confidential one is confidential for the same team', async () => {
    const ticket = await opened(user);
    await acted(admin, ticket, 'assign', { teamId: team });
    await member.patch(`/incidents/${ticket.id}`, { isConfidential: true }).expect(200);
    await acted(member, ticket, 'cancel', { reason: 'Twice.' });
    const said = await user
      .post(`/incidents/${ticket.id}/comments`, { body: 'Still so.' })
      .expect(201);
    const { followUp } = z.object({ followUp: Made.nullable() }).parse(said.body);
    const next = ticketOf(await user.get(`/incidents/${followUp?.id}`));
    expect(next).toMatchObject({ isConfidential: true, team: { id: team } });
    expect([await isSeen(outsider, next), await isSeen(member, next)]).toEqual([false, true]);
  });

  it('a follow-up of one that was handed on stays with the team that has it now', async () => {
    const ticket = await confided();
    const network = world.id('team', 'Network');
    await acted(admin, ticket, 'assign', { teamId: network });
    await acted(admin, ticket, 'cancel', { reason: 'Twice.' });
    const path = `/incidents/${ticket.id}/comments`;
    const said = await user.post(path, { body: 'Still so.' }).expect(201);
    const { followUp } = z.object({ followUp: Made.nullable() }).parse(said.body);
    const next = ticketOf(await user.get(`/incidents/${followUp?.id}`));
    expect(next).toMatchObject({ isConfidential: true, team: { id: network } });
    expect([await isSeen(outsider, next), await isSeen(member, next)]).toEqual([true, false]);
  });

  it('a link does not tell of a confidential ticket', async () => {
    const ticket = await opened(user);
    await acted(admin, ticket, 'cancel', { reason: 'Twice.' });
    await user.post(`/incidents/${ticket.id}/comments`, { body: 'Still so.' }).expect(201);
    const links = async (by: Caller) =>
      z
        .object({ links: z.array(z.unknown()) })
        .parse((await by.get(`/incidents/${ticket.id}`)).body).links;
    const [link] = z.array(z.object({ ticket: Made })).parse(await links(outsider));
    await acted(outsider, { id: link?.ticket.id ?? '' }, 'classify', { serviceId: service });
    expect([await links(outsider), (await links(user)).length]).toEqual([[], 1]);
  });
});

describe('notices', () => {
  it('reach only who sees it', async () => {
    const ticket = await confided();
    const lead = await world.as('lead');
    await admin.patch(`/teams/${team}`, { leadId: person('lead') }).expect(200);
    const escalation = { kind: 'hierarchical', reason: 'Urgent.' };
    await acted(member, ticket, 'escalate', { ...escalation, level: 1 });
    await acted(member, ticket, 'escalate', { ...escalation, level: 2 });
    const told = await world.rows('select recipient_id from notifications where ticket_id = $1', [
      ticket.id,
    ]);
    // Whoever leads a team is in it; managers are not.
    expect(told.map((row) => row['recipient_id'])).toEqual([person('lead')]);
    expect((await lead.get('/me/notifications')).text).toContain(ticket.number);
    await acted(admin, ticket, 'assign', { assigneeId: person('agent') });
    expect((await member.get('/me/notifications')).text).toContain(ticket.number);
  });
});

describe('a confidential service', () => {
  it('has a team, and keeps one', async () => {
    const call = admin.post('/services', { name: 'Security', isConfidential: true });
    expect(await refused(call)).toEqual(invalidAt('/teamId'));
    const without = admin.patch(`/services/${service}`, { teamId: null });
    expect(await refused(without)).toEqual(invalidAt('/teamId'));
    const plain = await made('/services', { name: 'Canteen' });
    const marked = admin.patch(`/services/${plain}`, { isConfidential: true });
    expect(await refused(marked)).toEqual(invalidAt('/teamId'));
  });

  it('changes nothing about tickets that were there, and is on record', async () => {
    const plain = await made('/services', { name: 'Travel', teamId: team });
    const before = await opened(user, { serviceId: plain });
    await admin.patch(`/services/${plain}`, { isConfidential: true }).expect(200);
    expect(await isSeen(outsider, before)).toBe(true);
    expect(await isSeen(outsider, await opened(user, { serviceId: plain }))).toBe(false);
    const acts = await each(admin, `/audit-events?filter[target]=${plain}`, 'after');
    expect(acts).toContainEqual(expect.objectContaining({ isConfidential: true }));
  });
});
