/** What tasks do inside Holdfast: once, however often they are begun, and undone to what was there before. */
import { randomUUID } from 'node:crypto';
import { fulfilmentWorks } from '../../activities/fulfilment/works';
import type { Database } from '../../models/database';
import type { ActivityName } from '../../models/fulfilment/activities';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import { sealFor } from '../../models/seal';
import type { Json } from '../../models/tickets/ticket';
import { openWorld, type World } from '../harness';

type Fields = Readonly<Record<string, Json>>;

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const person = (name: string) => world.id('person', name);
const team = (name: string) => world.id('team', name);
const keyOf = () => `${randomUUID()}/task.access/1`;

/** One attempt of an activity. */
function attempt(
  name: ActivityName,
  input: Fields,
  key = keyOf(),
  database: Pick<Database, 'inOrganization'> = world.database,
) {
  const now = () => new Date();
  const works = fulfilmentWorks({ database, now, network: { hosts: [] }, seal: sealFor('x', 'y') });
  const [ticketId = ''] = key.split('/');
  return works[name](input, {
    organizationId: world.organizationId,
    ticketId,
    idempotencyKey: key,
  });
}

/** A worker that dies after the commit, before anybody hears of it. */
function dying(): Pick<Database, 'inOrganization'> {
  return {
    inOrganization: async (id, work) => {
      await world.database.inOrganization(id, work);
      throw new Error('killed');
    },
  };
}

async function audited(key: string) {
  const rows = await world.rows(
    'select action, actor, target_name from audit_events where request_id = $1 order by id',
    [key],
  );
  return rows.map(({ action }) => action);
}

describe('a task that takes somebody into a team', () => {
  const membership = async () => {
    const rows = await world.rows(
      'select skills, capacity from team_members where team_id = $1 and user_id = $2',
      [team('Network'), person('agent')],
    );
    return rows[0];
  };
  const input = () => ({ userId: person('agent'), teamId: team('Network') });

  it('does so once, in the name of Holdfast, also when the worker dies after the commit', async () => {
    const key = keyOf();
    await expect(attempt('team.join', input(), key, dying())).rejects.toThrow('killed');
    expect(await membership()).toBeDefined();
    const joined = await attempt('team.join', input(), key);
    // As the first attempt found it: else undoing it would leave them in the team.
    expect(joined).toEqual({ wasMember: false });
    expect(await audited(key)).toEqual(['team.membersChanged']);
    const [act] = await world.rows('select actor from audit_events where request_id = $1', [key]);
    expect(act?.['actor']).toEqual({ kind: 'system', id: null, name: 'Holdfast' });
    expect(await attempt('team.leave', { ...input(), joined })).toMatchObject({ wasMember: true });
    expect(await membership()).toBeUndefined();
  });

  it('is not undone when they were in it before', async () => {
    await attempt('team.join', input());
    const joined = await attempt('team.join', input());
    expect(joined).toEqual({ wasMember: true });
    const key = keyOf();
    await attempt('team.leave', { ...input(), joined }, key);
    expect(await membership()).toBeDefined();
    expect(await audited(key)).toEqual([]);
    await attempt('team.leave', input());
  });

  it('acts once when two attempts run at the same time', async () => {
    const key = keyOf();
    const both = [1, 2, 3, 4].map(() => attempt('team.join', input(), key));
    expect(await Promise.all(both)).toEqual([1, 2, 3, 4].map(() => ({ wasMember: false })));
    expect(await audited(key)).toHaveLength(1);
    await attempt('team.leave', input());
  });

  it('brings back what they were in it, when it undoes that they left', async () => {
    await attempt('team.join', input());
    await world.rows(
      `update team_members set skills = '{bgp}', capacity = 4 where team_id = $1 and user_id = $2`,
      [team('Network'), person('agent')],
    );
    const left = await attempt('team.leave', input());
    expect(left).toEqual({ wasMember: true, skills: ['bgp'], capacity: 4 });
    await attempt('team.join', { ...input(), left });
    expect(await membership()).toEqual({ skills: ['bgp'], capacity: 4 });
    await attempt('team.leave', input());
    const gone = await attempt('team.leave', input());
    await attempt('team.join', { ...input(), left: gone });
    expect(await membership()).toBeUndefined();
  });

  it('fails for good where it cannot be', async () => {
    const lead = { userId: person('lead'), teamId: team('Network') };
    await expect(attempt('team.leave', lead)).rejects.toThrow(HopelessWork);
    for (const wrong of [
      { ...input(), teamId: randomUUID() },
      { ...input(), userId: randomUUID() },
      { ...input(), userId: 'Ada' },
    ]) {
      await expect(attempt('team.join', wrong)).rejects.toThrow(HopelessWork);
    }
    const other = await world.neighbour();
    const foreign = { ...input(), userId: other.id('person', 'agent') };
    await expect(attempt('team.join', foreign)).rejects.toThrow(HopelessWork);
  });
});

describe('a task that gives a role', () => {
  let roleId: string;
  beforeAll(async () => {
    const admin = await world.as('admin');
    const made = await admin.post('/roles', { name: 'Auditor', permissions: ['audit:read'] });
    roleId = (made.body as { id: string }).id;
  });
  const until = async () => {
    const rows = await world.rows(
      'select valid_until from role_assignments where user_id = $1 and role_id = $2',
      [person('user'), roleId],
    );
    return rows.map(({ valid_until: end }) => (end as Date | null)?.toISOString() ?? null);
  };
  const input = () => ({ userId: person('user'), roleId });
  const soon = '2090-01-01T00:00:00.000Z';
  const late = '2091-01-01T00:00:00.000Z';

  it('is undone to nothing, once, where they had none', async () => {
    const key = keyOf();
    await expect(attempt('role.give', { ...input(), until: soon }, key, dying())).rejects.toThrow(
      'killed',
    );
    const given = await attempt('role.give', { ...input(), until: soon }, key);
    expect(given).toEqual({ had: false, hadUntil: null });
    expect(await until()).toEqual([soon]);
    expect(await audited(key)).toEqual(['role.given']);
    const undone = keyOf();
    await attempt('role.take', { ...input(), given }, undone);
    await attempt('role.take', { ...input(), given }, undone);
    expect(await until()).toEqual([]);
    expect(await audited(undone)).toEqual(['role.taken']);
  });

  it('is undone to the end that they had', async () => {
    await attempt('role.give', { ...input(), until: soon });
    const given = await attempt('role.give', { ...input(), until: late });
    expect(await until()).toEqual([late]);
    await attempt('role.take', { ...input(), given });
    expect(await until()).toEqual([soon]);
    await attempt('role.take', input());
  });

  it('never shortens what they have, nor gives back what somebody else took', async () => {
    await attempt('role.give', input());
    const given = await attempt('role.give', { ...input(), until: soon });
    expect(await until()).toEqual([null]);
    await attempt('role.take', input());
    await attempt('role.take', { ...input(), given });
    expect(await until()).toEqual([]);
  });

  it('is given back when it undoes that it was taken', async () => {
    await attempt('role.give', { ...input(), until: soon });
    const taken = await attempt('role.take', input());
    await attempt('role.give', { ...input(), taken });
    expect(await until()).toEqual([soon]);
    await attempt('role.take', input());
    const nothing = await attempt('role.take', input());
    await attempt('role.give', { ...input(), taken: nothing });
    expect(await until()).toEqual([]);
  });

  it('gives nothing for a time that has passed, and no protected role for ever', async () => {
    const past = { ...input(), until: '2020-01-01T00:00:00Z' };
    await expect(attempt('role.give', past)).rejects.toThrow(HopelessWork);
    const [agent] = await world.rows(
      `select id from roles where organization_id = $1 and base = 'agent'`,
      [world.organizationId],
    );
    const forEver = { ...input(), roleId: String(agent?.['id']) };
    await expect(attempt('role.give', forEver)).rejects.toThrow('for a while only');
  });
});

describe('a task that writes a mail', () => {
  it('writes one, however often it is begun', async () => {
    const key = keyOf();
    const input = { to: person('user'), subject: 'Your laptop', text: 'It is ready.' };
    await expect(attempt('mail.send', input, key, dying())).rejects.toThrow('killed');
    const sent = await attempt('mail.send', input, key);
    const admin = await world.as('admin');
    const mails = await admin.get('/mails?filter[kind]=task');
    expect(mails.body).toMatchObject({
      data: [{ ...sentAs(sent), kind: 'task', subject: 'Your laptop', text: 'It is ready.' }],
    });
    await attempt('mail.send', input);
    expect((await admin.get('/mails?filter[kind]=task')).body).toHaveProperty('data.length', 2);
  });

  const sentAs = (sent: Json) => ({ id: (sent as { mailId: string }).mailId });

  it('writes none to whom it cannot reach, or with a subject of two lines', async () => {
    const input = { to: person('user'), subject: 'Your laptop', text: 'It is ready.' };
    await world.rows('update users set is_active = false where id = $1', [person('stranger')]);
    for (const wrong of [
      { ...input, to: person('stranger') },
      { ...input, subject: 'Your laptop\r\nBcc: everybody@acme.example' },
    ]) {
      await expect(attempt('mail.send', wrong)).rejects.toThrow(HopelessWork);
    }
  });
});
