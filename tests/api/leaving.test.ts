/** Somebody leaves: what they had open is owed to its teams in the same act. */
import { Client } from 'pg';
import { z } from 'zod';
import { openRow, who } from '../database/row';
import { eventually, openWorld, password, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Person = z.looseObject({ id: z.string() });
const Notices = z.object({
  data: z.array(z.object({ template: z.string(), subject: z.string(), data: z.looseObject({}) })),
});

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
const leave = (id: string) => admin.post(`/users/${id}/actions/deactivate`);
const aTicket = () => openRow(world, 'incident', { impact: 'high', urgency: 'high' });
/** An incident that somebody has, past HTTP. */
const incidentOf = async (assigneeId: string) => {
  const incident = await aTicket();
  await incident.apply({ name: 'assign', input: { assigneeId }, life: 1 });
  return incident;
};
const owedFor = async (userId: string) =>
  (
    await world.rows(
      `select ticket_id, payload->>'name' as name from engine_outbox
        where name = 'fact' and payload #>> '{input,userId}' = $1 order by ticket_id`,
      [userId],
    )
  ).map(({ ticket_id: id, name }) => `${String(name)} ${String(id)}`);

describe('whoever leaves', () => {
  it('owes each open ticket of theirs, and no other, in the same act; on record and told', async () => {
    const id = await made('leaver', { role: 'agent' });
    await made('second', { role: 'admin', login: true, password });
    await world.rows('update users set must_change_password = false');
    const tickets = [await incidentOf(id), await incidentOf(id), await incidentOf(id)];
    await incidentOf(world.id('person', 'agent'));
    await tickets[2]?.apply({ name: 'cancel', input: { reason: 'Twice.' }, life: 1 });
    expect((await leave(id)).status).toBe(204);
    expect((await leave(id)).status).toBe(204);

    const open = tickets.slice(0, 2).map((ticket) => `released ${ticket.id}`);
    expect(await owedFor(id)).toEqual(open.sort());
    const acts = await world.rows(
      `select before, after from audit_events where target_id = $1 and action = 'person.deactivated'`,
      [id],
    );
    expect(acts).toEqual([
      { before: { isActive: true }, after: { isActive: false, openTickets: 2 } },
    ]);
    const told = async (by: Caller) =>
      Notices.parse((await by.get('/me/notifications')).body).data.filter(
        ({ data }) => data['userId'] === id,
      );
    expect(await told(await world.as('second'))).toEqual([
      {
        template: 'person.deactivated',
        subject: 'leaver has left; open tickets that go back to their teams: 2',
        data: { userId: id, openTickets: 2 },
      },
    ]);
    expect(await told(admin)).toEqual([]);
    expect(await told(await world.as('manager'))).toEqual([]);
  });

  it('gets a ticket with a command that was under way: it is owed, too', async () => {
    const id = world.id('person', 'lead');
    const incident = await aTicket();
    await leave(id).expect(204);
    expect(await owedFor(id)).toEqual([]);
    await incident.apply({ name: 'start', actor: who(world, 'lead'), life: 1 });
    expect(await owedFor(id)).toEqual([`released ${incident.id}`]);
  });

  it('waits for a ticket that is being given to them at this moment', async () => {
    const id = await made('busy', { role: 'agent' });
    const incident = await aTicket();
    const client = new Client({ connectionString: world.databaseUrl });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('app.organization', $1, true)`, [world.organizationId]);
      await client.query('update tickets set assignee_id = $2 where id = $1', [incident.id, id]);
      const left = leave(id).then(({ status }) => status);
      await eventually('the wait', async () => {
        const waits = await world.rows(
          `select 1 from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return waits[0];
      });
      await client.query('commit');
      expect(await left).toBe(204);
    } finally {
      await client.end();
    }
    expect(await owedFor(id)).toEqual([`released ${incident.id}`]);
  });

  it('leaves many tickets with one statement', async () => {
    const id = await made('many', { role: 'agent' });
    const { id: model } = await incidentOf(id);
    const columns = await world.rows(
      `select string_agg(column_name, ', ') as names from information_schema.columns
        where table_name = 'tickets' and column_name not in ('id', 'number')`,
    );
    const names = String(columns[0]?.['names']);
    await world.rows(
      `insert into tickets (id, number, ${names})
       select gen_random_uuid(), 'MANY' || n, ${names} from tickets, generate_series(1, 4999) n
        where id = $1`,
      [model],
    );
    await leave(id).expect(204);
    expect(await owedFor(id)).toHaveLength(5_000);
  });
});
