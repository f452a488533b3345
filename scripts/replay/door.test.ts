import { createServer, type IncomingMessage, type Server } from 'node:http';
import { openDoor, type Door } from './door';

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

const call = {
  as: 'anna',
  path: '/incidents',
  kind: 'open',
  key: 'replay/INC1/1/0',
  body: { a: 1 },
};

describe('the door of the replay', () => {
  let server: Server;
  let door: Door;
  let logins: number;
  let seen: { key: string | undefined; authorization: string | undefined }[];
  let replies: Reply[];
  let expiresInSeconds: number;

  beforeEach(async () => {
    [logins, seen, replies, expiresInSeconds] = [0, [], [], 600];
    server = createServer((request, response) => {
      const { status, body, headers } = answerTo(request);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    door = openDoor(`http://127.0.0.1:${portOf(server)}`, 'secret');
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function answerTo(request: IncomingMessage): Reply {
    if (request.url === '/api/v1/auth/login') {
      logins += 1;
      return { status: 200, body: { accessToken: `token-${logins}`, expiresInSeconds } };
    }
    const key = request.headers['idempotency-key'];
    seen.push({ key: String(key), authorization: request.headers.authorization });
    return replies.shift() ?? { status: 201, body: { id: 'done' } };
  }

  it('asks another address when one does not answer, with the same key', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const dead = `http://127.0.0.1:${portOf(silent)}`;
    await new Promise((resolve) => silent.close(resolve));
    const both = openDoor([dead, `http://127.0.0.1:${portOf(server)}`], 'secret');
    for (const key of ['one', 'two']) {
      expect(await both.say({ ...call, key })).toMatchObject({ isApplied: true });
    }
    expect(seen.map(({ key }) => key)).toEqual(['one', 'two']);
    expect(both.figures.repeats.sorted().map(([why]) => why)).toEqual(['network']);
  });

  it('repeats what is not decided with the same key until it is', async () => {
    replies = [
      { status: 202, body: { status: 'unknown' } },
      { status: 503, body: { code: 'unavailable' } },
      { status: 409, body: { code: 'idempotency_in_progress' } },
    ];
    expect(await door.say(call)).toEqual({ isApplied: true, body: { id: 'done' } });
    expect(seen.map(({ key }) => key)).toEqual(Array(4).fill(call.key));
    expect(door.figures.repeats.sorted()).toEqual([
      ['202', 1],
      ['503', 1],
      ['idempotency_in_progress', 1],
    ]);
    expect(door.figures.latencies.get('open')).toHaveLength(1);
  });

  it('waits as long as the service asks', async () => {
    replies = [{ status: 429, body: { code: 'rate_limited' }, headers: { 'retry-after': '1' } }];
    await door.say(call);
    expect(door.figures.latencies.get('open')?.[0]).toBeGreaterThan(950);
  });

  it('takes a refusal as decided and counts it by its code', async () => {
    replies = [{ status: 409, body: { code: 'invalid_transition', detail: 'No.' } }];
    expect(await door.say(call)).toEqual({
      isApplied: false,
      code: 'invalid_transition',
      detail: 'No.',
    });
    expect(seen).toHaveLength(1);
    expect(door.figures.refusals.sorted()).toEqual([['open: invalid_transition', 1]]);
  });

  it('signs in once for many calls at the same time', async () => {
    await Promise.all([door.say(call), door.say(call), door.say(call)]);
    expect(logins).toBe(1);
    expect(seen.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer token-1'));
  });

  it('signs in again before a token expires', async () => {
    expiresInSeconds = 30;
    await door.say(call);
    await door.say(call);
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('goes on after a connection that was lost', async () => {
    const port = portOf(server);
    await door.say(call);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const late = door.say(call);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await late).toMatchObject({ isApplied: true });
    expect(door.figures.repeats.sorted().map(([why]) => why)).toEqual(['network']);
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}
