/** A task calls another system that fails, delays, drops, and forgets to say that it is done. */
import { randomUUID } from 'node:crypto';
import { fulfilmentWorks } from '../../activities/fulfilment/works';
import { sealPurpose } from '../../models/connections/rows';
import { signatureOf } from '../../models/connections/signature';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import { sealFor } from '../../models/seal';
import type { Json } from '../../models/tickets/ticket';
import { openWorld, secret, type World } from '../harness';
import { answering, startPeer, type Peer } from '../peer';

const now = new Date('2026-11-24T08:00:00Z');
const shared = 'a secret that both sides know';
let world: World;
let peer: Peer;
beforeAll(async () => {
  peer = await startPeer();
  world = await openWorld({ worker: false, connectionHosts: [peer.host] });
  const admin = await world.as('admin');
  const made = await admin.post('/connections', {
    ...{ name: 'directory', baseUrl: `${peer.url}/api/`, secret: shared },
    headers: { authorization: 'Bearer t0ken' },
  });
  expect(made.status).toBe(201);
});
afterAll(async () => {
  await world.close();
  await peer.close();
});

function works(hosts: readonly string[] = [peer.host], sealedWith = secret) {
  return fulfilmentWorks({
    database: world.database,
    now: () => now,
    network: { hosts, timeoutMs: 300 },
    seal: sealFor(sealPurpose, sealedWith),
  });
}

const wish = { connection: 'directory', method: 'POST', path: '/people', body: { name: 'Ada' } };
const keyOf = () => `${randomUUID()}/task.account/1`;
const call = (input: Json = wish, idempotencyKey = keyOf(), using = works()) =>
  using['http.call'](input, {
    ...{ organizationId: world.organizationId, ticketId: randomUUID(), idempotencyKey },
  });

it('is sent with its key, the headers of the connection, and a signature', async () => {
  peer.answers(answering(201, '{"id":"ada"}'));
  const key = keyOf();
  expect(await call({ ...wish, query: { dry: 'no' } }, key)).toEqual({
    ...{ status: 201, body: { id: 'ada' }, omitted: null },
  });
  const [asked] = peer.asked;
  expect(asked).toMatchObject({
    method: 'POST',
    path: '/api/people?dry=no',
    body: '{"name":"Ada"}',
  });
  const signed = { idempotencyKey: key, method: 'POST', body: '{"name":"Ada"}', at: now };
  const url = new URL(`${peer.url}/api/people?dry=no`);
  expect(asked?.headers).toMatchObject({
    ...{ host: peer.host, authorization: 'Bearer t0ken', 'content-type': 'application/json' },
    ...{ 'idempotency-key': key, 'holdfast-signature': signatureOf(shared, { ...signed, url }) },
  });
});

it.each([400, 401, 403, 404, 409, 410, 422])(
  'fails for good at once when it is refused: %d',
  async (status) => {
    peer.answers(answering(status, '{"detail":"there is one of that name"}'));
    const failure = call();
    await expect(failure).rejects.toThrow(HopelessWork);
    await expect(failure).rejects.toThrow(
      `directory answered ${status}: there is one of that name`,
    );
  },
);

it.each([302, 408, 425, 429, 500, 502, 503])('is tried again after %d', async (status) => {
  peer.answers(answering(status, '{"error":"busy"}'));
  const failure = call();
  await expect(failure).rejects.not.toThrow(HopelessWork);
  await expect(failure).rejects.toThrow(`directory answered ${status}`);
});

it('is tried again when there is no answer, which names no address', async () => {
  const silent = () => undefined;
  peer.answers((response) => response.destroy(), silent);
  for (const reason of ['ECONNRESET', 'it took too long']) {
    const failure = call();
    await expect(failure).rejects.not.toThrow(HopelessWork);
    await expect(failure).rejects.toThrow(`directory gave no answer: ${reason}`);
  }
});

it('brings the same key again after an answer that was lost, so that it is done once', async () => {
  const accounts = new Map<string, number>();
  const create = (key: unknown) => {
    const known = accounts.get(String(key)) ?? accounts.size + 1;
    accounts.set(String(key), known);
    return known;
  };
  peer.answers(
    (response, { headers }) => {
      create(headers['idempotency-key']);
      response.destroy();
    },
    (response, { headers }) => {
      response.end(JSON.stringify({ account: create(headers['idempotency-key']) }));
    },
  );
  const key = keyOf();
  await expect(call(wish, key)).rejects.toThrow('ECONNRESET');
  expect(await call(wish, key)).toMatchObject({ body: { account: 1 } });
  expect(accounts.size).toBe(1);
});

it('is done when it says so, whatever else it says', async () => {
  peer.answers(
    answering(204),
    answering(200, '<html>'),
    answering(200, `"${'x'.repeat(40_000)}"`),
    answering(200, '{"a":"\\u0000"}'),
    answering(200, '{"a":"\\ud800"}'),
  );
  expect(await call()).toEqual({ status: 204, body: null, omitted: null });
  expect(await call()).toEqual({ status: 200, body: null, omitted: 'notJson' });
  expect(await call()).toEqual({ status: 200, body: null, omitted: 'tooLong' });
  expect(await call()).toEqual({ status: 200, body: null, omitted: 'notJson' });
  expect(await call()).toEqual({ status: 200, body: null, omitted: 'notJson' });
});

it('is not sent where it must not go', async () => {
  peer.answers();
  const { rows } = world;
  for (const [input, reason] of [
    [{ ...wish, connection: 'nowhere' }, 'There is no connection nowhere'],
    [{ ...wish, path: '/people/../../admin' }, 'is not usable'],
    [{ ...wish, path: 'https://evil.example' }, 'The input of the task is wrong: /path'],
    [{ ...wish, method: 'CONNECT' }, '/method'],
  ] as const) {
    await expect(call(input)).rejects.toThrow(HopelessWork);
    await expect(call(input)).rejects.toThrow(reason);
  }
  await expect(call(wish, keyOf(), works([]))).rejects.toThrow(HopelessWork);
  await rows(`update connections set is_active = false`);
  await expect(call()).rejects.not.toThrow(HopelessWork);
  await rows(`update connections set is_active = true`);
  expect(peer.asked).toEqual([]);
});

it('waits for secrets that were sealed under another JWT_SECRET', async () => {
  const failure = call(wish, keyOf(), works([peer.host], 'another secret, as long as the first'));
  await expect(failure).rejects.toThrow('give it anew');
  await expect(failure).rejects.not.toThrow(HopelessWork);
});

it('knows no connection of another organization', async () => {
  const { organizationId } = await world.neighbour();
  const scope = { organizationId, ticketId: randomUUID(), idempotencyKey: keyOf() };
  await expect(works()['http.call'](wish, scope)).rejects.toThrow('There is no connection');
});
