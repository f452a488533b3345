import supertest from 'supertest';
import { z } from 'zod';
import { composeApp } from '../../api/compose';
import { openEngine } from '../../engine/client';
import { anyFreePort } from '../../scripts/stack/ports';
import { processes } from '../../workflows/registry';
import { openWorld, password, secret, type World } from '../harness';
import {
  acted,
  aReport,
  each,
  notFound,
  opened,
  refused,
  ticketOf,
  type Caller,
  type Ticket,
} from './incident';

let world: World;
let user: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld();
  user = await world.as('user');
  agent = await world.as('agent');
});
afterAll(() => world.close());

const resolution = { code: 'solved', notes: 'Queue restarted.' };
let keys = 0;
const aKey = () => `key/${(keys += 1)}`;
const send = (caller: Caller, path: string, body: object, key: string) =>
  caller.post(path, body).set('idempotency-key', key);

/** As if the process had died between its commit and the keeping of its answer. */
const loseAnswer = (key: string) =>
  world.rows(
    `update idempotency_keys set status = null, headers = null, body = null, lease_until = now()
      where key = $1`,
    [key],
  );
const count = async (table: string, ticketId: string) =>
  (await world.rows(`select 1 from ${table} where ticket_id = $1`, [ticketId])).length;

describe('a repeat with the same Idempotency-Key', () => {
  it('of an opening gives the same answer to the byte, and one incident', async () => {
    const key = aKey();
    const first = await send(user, '/incidents', aReport, key).expect(201);
    const second = await send(user, '/incidents', aReport, key).expect(201);
    expect(second.text).toBe(first.text);
    for (const header of ['etag', 'location']) {
      expect(second.headers[header]).toBe(first.headers[header]);
    }
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await count('ticket_events', ticketOf(first).id)).toBe(1);
  });

  it('of a command gives the answer of then, and one event', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/actions/start`];
    const first = await send(agent, path, {}, key).expect(200);
    await acted(agent, ticket, 'resolve', resolution);
    const second = await send(agent, path, {}, key).expect(200);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(
      await each(agent, `/incidents/${ticket.id}/events?filter[type]=started`, 'id'),
    ).toHaveLength(1);
  });

  it('of a comment gives the same comment, once', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/comments`];
    const first = await send(user, path, { body: 'Any news?' }, key).expect(201);
    const second = await send(user, path, { body: 'Any news?' }, key).expect(201);
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect(await count('ticket_comments', ticket.id)).toBe(1);
  });

  it('of a refused command is refused in the same words', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/actions/resume`];
    const first = await send(agent, path, {}, key).expect(409);
    await acted(agent, ticket, 'hold', { reason: 'vendor' });
    const second = await send(agent, path, {}, key).expect(409);
    expect(second.text).toBe(first.text);
  });

  it('but another body or address is 422', async () => {
    const ticket = await opened(user);
    const mismatch = { status: 422, code: 'idempotency_mismatch' };
    for (const [path, body] of [
      ['/incidents', aReport],
      [`/incidents/${ticket.id}/actions/resolve`, resolution],
      [`/incidents/${ticket.id}/comments`, { body: 'One' }],
    ] as const) {
      const key = aKey();
      await send(agent, path, body, key);
      const other = { ...body, title: 'Other', notes: 'Other', body: 'Other' };
      const known = Object.keys(body);
      const changed = Object.fromEntries(
        Object.entries(other).filter(([name]) => known.includes(name)),
      );
      expect(await refused(send(agent, path, changed, key))).toEqual(mismatch);
      expect(await refused(send(agent, `/incidents/${ticket.number}/watchers`, {}, key))).toEqual(
        mismatch,
      );
    }
  });

  it('of somebody else is another request', async () => {
    const key = aKey();
    const [one, other] = [
      await send(user, '/incidents', aReport, key).expect(201),
      await send(agent, '/incidents', aReport, key).expect(201),
    ];
    expect(ticketOf(other).id).not.toBe(ticketOf(one).id);
  });

  it('that comes while the first one runs is 409 or the same answer, and it happens once', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/actions/start`];
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(agent, path, {}, key)));
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await each(agent, `/incidents/${ticket.id}/events`, 'type')).toEqual([
      'opened',
      'started',
    ]);
  });
});

describe('a repeat after the answer was lost', () => {
  it('of an opening finds the same incident', async () => {
    const key = aKey();
    const first = ticketOf(await send(user, '/incidents', aReport, key).expect(201));
    await loseAnswer(key);
    const second = await send(user, '/incidents', aReport, key).expect(201);
    expect(ticketOf(second)).toMatchObject({ id: first.id, number: first.number });
    expect(second.headers['location']).toBe(`/api/v1/incidents/${first.id}`);
    expect(await count('ticket_events', first.id)).toBe(1);
  });

  it('of a command is 200 although the state forbids it by now, with one event', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/actions/resolve`];
    await send(agent, path, resolution, key).set('if-match', '"1"').expect(200);
    await loseAnswer(key);
    const second = await send(agent, path, resolution, key).set('if-match', '"1"').expect(200);
    expect(ticketOf(second)).toMatchObject({ state: 'resolved', version: 2 });
    expect(await each(agent, `/incidents/${ticket.id}/events`, 'type')).toEqual([
      'opened',
      'resolved',
    ]);
  });

  it('of a command that ended the life is 200 as well', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/actions/cancel`];
    await send(user, path, { reason: 'Found it.' }, key).expect(200);
    await loseAnswer(key);
    const second = await send(user, path, { reason: 'Found it.' }, key).expect(200);
    expect(ticketOf(second)).toMatchObject({ state: 'cancelled', version: 2 });
  });

  it('of a refused command is refused again, whatever the state is by now', async () => {
    const ticket = await opened(user);
    const [key, path] = [aKey(), `/incidents/${ticket.id}/actions/prioritize`];
    const override = { override: 'P1', reason: 'The board.' };
    await send(agent, path, override, key).expect(403);
    await loseAnswer(key);
    await send(agent, path, override, key).expect(403);
    expect(await count('ticket_events', ticket.id)).toBe(1);
  });

  it('of a comment gives the same comment, and of one on a closed incident the same follow-up', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'resolve', resolution);
    await acted(user, ticket, 'close');
    const [key, path] = [aKey(), `/incidents/${ticket.id}/comments`];
    const first = await send(user, path, { body: 'Broken again.' }, key).expect(201);
    await loseAnswer(key);
    const second = await send(user, path, { body: 'Broken again.' }, key).expect(201);
    expect(second.text).toBe(first.text);
    expect(await count('ticket_comments', ticket.id)).toBe(1);
    const follow = await world.rows('select 1 from ticket_links where other_id = $1', [ticket.id]);
    expect(follow).toHaveLength(1);
  });
});

describe('a command that is not decided yet', () => {
  const sent = { good: { key: aKey(), id: '' }, wrong: { key: aKey(), id: '' } };
  const wrongCode = { code: 'magic', notes: 'x' };
  let ticket: Ticket;
  const path = (name: string) => `/incidents/${ticket.id}/actions/${name}`;
  const asked = (id: string) => agent.get(`/commands/${id}`).expect(200);

  /** Both at once: a door whose engine is away keeps its callers for 8 s. */
  beforeAll(async () => {
    ticket = await opened(user);
    const address = `127.0.0.1:${await anyFreePort()}`;
    const engine = openEngine({ address, namespace: 'default', taskQueue: world.taskQueue });
    const { database, log } = world;
    const options = { verifyReplies: true };
    const door = supertest(composeApp({ database, engine, processes, secret, log, options }));
    const email = `agent@${world.slug}.example`;
    const login = await door.post('/api/v1/auth/login').send({ email, password });
    const { accessToken } = z.object({ accessToken: z.string() }).parse(login.body);
    const post = async (to: string, body: object, key: string) => {
      const headers = { authorization: `Bearer ${accessToken}`, 'idempotency-key': key };
      const response = await door.post(`/api/v1${to}`).set(headers).send(body).expect(202);
      const { id } = z.object({ id: z.uuid(), status: z.literal('unknown') }).parse(response.body);
      expect(response.headers['location']).toBe(`/api/v1/commands/${id}`);
      return id;
    };
    [sent.good.id, sent.wrong.id] = await Promise.all([
      post(path('start'), {}, sent.good.key),
      post(path('resolve'), wrongCode, sent.wrong.key),
    ]);
    await engine.close();
  });

  it('is unknown first; the same key decides it when the engine is back', async () => {
    const { id, key } = sent.good;
    expect((await asked(id)).body).toMatchObject({
      ...{ id, name: 'start', status: 'unknown', code: null },
      ticket: { id: ticket.id, number: ticket.number },
    });
    expect(ticketOf(await send(agent, path('start'), {}, key).expect(200)).state).toBe(
      'inProgress',
    );
    expect((await asked(id)).body).toMatchObject({ status: 'applied', code: null });
  });

  it('tells its refusal, too, to nobody but its sender', async () => {
    const { id, key } = sent.wrong;
    await send(agent, path('resolve'), wrongCode, key).expect(422);
    expect((await asked(id)).body).toMatchObject({ status: 'refused', code: 'invalid_input' });
    expect(await refused(user.get(`/commands/${id}`))).toEqual(notFound);
  });

  it('is 404 when there is none, 422 when it is no id', async () => {
    const unknown = '0197d9f5-0000-7000-8000-00000000000a';
    expect(await refused(agent.get(`/commands/${unknown}`))).toEqual(notFound);
    expect(await refused(agent.get('/commands/rubbish'))).toMatchObject({ status: 422 });
  });
});
