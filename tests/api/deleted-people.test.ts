/** Somebody who has left is deleted: nobody knows any more who it was, and what others did stays. */
import type { Response } from 'supertest';
import { z } from 'zod';
import { openRow } from '../database/row';
import { eventually, openWorld, password, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Person = z.looseObject({ id: z.string() });
const Problem = z.object({ code: z.string() });

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

const addressOf = (name: string) => `${name}@${world.slug}.example`;
const made = async (name: string, more: object = {}) => {
  const answer = await admin.post('/users', {
    name,
    email: addressOf(name),
    login: false,
    ...more,
  });
  return Person.parse(answer.body).id;
};
const refusal = ({ status, body }: Response) => [status, Problem.parse(body).code];
const leave = (id: string) => admin.post(`/users/${id}/actions/deactivate`);
const remove = (id: string, by = admin) => by.delete(`/users/${id}`);
const aTicket = () => openRow(world, 'incident', { impact: 'high', urgency: 'high' });

describe('whoever is deleted', () => {
  /** With something in every table that belongs to a person. */
  const known = async (name: string) => {
    const id = await made(name, {
      ...{ role: 'agent', login: true, password, phone: '+43 1 5550100', title: 'Countess' },
      ...{ department: 'Engines', locale: 'en-GB', timezone: 'Europe/London', isVip: true },
      managerId: world.id('person', 'manager'),
    });
    await world.rows('update users set must_change_password = false where id = $1', [id]);
    const own = await world.as(name);
    await own.post('/me/api-tokens', { name: 't', scopes: ['incident:read'] }).expect(201);
    await own.post('/me/second-factor', { password }).expect(200);
    const newPassword = 'Battery-staple-9';
    await own.post('/me/change-password', { currentPassword: password, newPassword }).expect(204);
    await own.post('/auth/forgot-password', { email: addressOf(name) });
    await eventually('the mail', async () => {
      const mails = await world.rows('select 1 from mails where user_id = $1', [id]);
      return mails[0];
    });
    const role = await admin.post('/roles', { name: `Of ${name}`, permissions: ['audit:read'] });
    const roleId = Person.parse(role.body).id;
    await admin.put(`/users/${id}/roles/${roleId}`, { validUntil: null });
    const team = world.id('team', 'Network');
    await admin.post(`/teams/${team}/members`, { userId: id });
    const incident = await aTicket();
    const actor = { kind: 'person', id, name, role: 'agent' } as const;
    await incident.apply({ name: 'commented', input: { body: 'Hm.', isPublic: true }, actor });
    await incident.apply({ name: 'assign', input: { assigneeId: id }, life: 1 });
    return { id, incident };
  };
  /** Rows of tables by how many name them in one of these columns. */
  const rowsOf = async (id: string) => {
    const counts: Record<string, unknown> = {};
    const columns = await world.rows(
      `select table_name, column_name from information_schema.columns
        where table_schema = 'public' and data_type = 'uuid'
          and column_name in ('user_id', 'recipient_id', 'author_id', 'assignee_id')`,
    );
    for (const { table_name: table, column_name: column } of columns) {
      const [row] = await world.rows(
        `select count(*)::int as n from ${String(table)} where ${String(column)} = $1`,
        [id],
      );
      if (row?.['n'] !== 0) counts[`${String(table)}.${String(column)}`] = row?.['n'];
    }
    return counts;
  };

  it('is nobody any more, but for what history refers to', async () => {
    const { id, incident } = await known('ada');
    expect(refusal(await remove(id))).toEqual([409, 'conflict']);
    await leave(id).expect(204);
    expect(Object.keys(await rowsOf(id)).sort()).toEqual([
      ...[
        'api_tokens.user_id',
        'link_tokens.user_id',
        'mails.user_id',
        'notifications.recipient_id',
      ],
      ...['past_passwords.user_id', 'refresh_tokens.user_id', 'role_assignments.user_id'],
      ...['second_factors.user_id', 'sessions.user_id', 'team_members.user_id'],
      ...['ticket_comments.author_id', 'tickets.assignee_id'],
    ]);

    await remove(id).expect(204);
    expect(await rowsOf(id)).toEqual({ 'ticket_comments.author_id': 1, 'tickets.assignee_id': 1 });
    const [row = {}] = await world.rows('select * from users where id = $1', [id]);
    const { password_changed_at, created_at, deleted_at, revision, ...rest } = row;
    expect([password_changed_at, created_at, deleted_at]).toEqual(
      [1, 2, 3].map(() => expect.any(Date) as unknown),
    );
    expect(Number(revision)).toBeGreaterThan(1);
    // All columns: a new one that says something of a person has to be emptied, too.
    expect(rest).toEqual({
      ...{ organization_id: world.organizationId, id, name: 'Former person' },
      ...{ email: `${id}@deleted.invalid`, role: 'end_user', password_hash: null },
      ...{ is_active: false, is_vip: false, is_service: false, must_change_password: false },
      ...{ manager_id: null, location_id: null, phone: null, title: null, department: null },
      ...{ locale: null, timezone: null },
    });
    const told = await world.rows('select 1 from notifications where subject like $1', ['ada %']);
    expect(told).toEqual([]);
    const feed = await admin.get(`/incidents/${incident.id}/comments`);
    expect(feed.text).toContain('Former person');
  });

  it('is on record without what was known, and deleted once', async () => {
    const id = await made('charles');
    await leave(id).expect(204);
    await remove(id).expect(204);
    await remove(id).expect(204);
    const acts = await world.rows(
      `select target_name, before, after from audit_events
        where target_id = $1 and action = 'person.deleted'`,
      [id],
    );
    expect(acts).toEqual([{ target_name: 'Former person', before: null, after: null }]);
  });

  it('does not come back, and the address is free again', async () => {
    const id = await made('grace');
    await leave(id).expect(204);
    await remove(id).expect(204);
    const back = [
      await admin.post(`/users/${id}/actions/activate`),
      await admin.post(`/users/${id}/actions/invite`),
      await admin.post(`/users/${id}/actions/reset-password`, { password: 'Battery-staple-9' }),
      await admin.patch(`/users/${id}`, { name: 'grace' }),
    ];
    expect(back.map(refusal)).toEqual(back.map(() => [409, 'conflict']));
    expect(await made('grace')).not.toBe(id);
  });

  it('is deleted by who may, lately proved, and holds as much', async () => {
    const id = await made('edith', { role: 'admin' });
    await leave(id).expect(204);
    expect(refusal(await remove(id, await world.as('manager')))).toEqual([403, 'forbidden']);
    const role = await admin.post('/roles', { name: 'People', permissions: ['user:manage'] });
    const keeper = await made('keeper', {
      login: true,
      password,
      roleIds: [Person.parse(role.body).id],
    });
    await world.rows('update users set must_change_password = false where id = $1', [keeper]);
    const keeping = await world.as('keeper');
    expect(refusal(await remove(id, keeping))).toEqual([403, 'forbidden']);
    await world.rows(`update sessions set factor_at = now() - interval '6 minutes'`);
    expect(refusal(await remove(id))).toEqual([403, 'step_up_required']);
    await admin.post('/me/step-up', { password }).expect(204);
    await remove(id).expect(204);
  });

  it('cannot be the last administrator, who does not leave', async () => {
    const id = world.id('person', 'admin');
    const others = await world.rows(
      `select id from users where role = 'admin' and is_active and id <> $1`,
      [id],
    );
    for (const other of others) await leave(String(other['id'])).expect(204);
    expect(refusal(await leave(id))).toEqual([409, 'conflict']);
    expect(refusal(await remove(id))).toEqual([409, 'conflict']);
  });
});
