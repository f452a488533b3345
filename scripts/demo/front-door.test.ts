import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { acme } from './acme/story';
import { plotsOf } from './deed';
import { openFrontDoor } from './front-door';
import { namesOf } from './names';

interface Answer {
  readonly status: number;
  readonly body: object;
}

const names = namesOf(acme, '2026-11-23T07:00:00.000Z');
const done: Answer = { status: 201, body: { id: 'x' } };
const problem = (status: number, code: string): Answer => ({
  status,
  body: { code, detail: `It is ${code}.` },
});

let server: Server | undefined;
afterEach(() => server?.close());

/** An API that gives these answers in order to everything but signing in. */
async function openApi(answers: readonly Answer[]) {
  const asked: { path: string; key: string | undefined; token: string | undefined }[] = [];
  let logins = 0;
  const left = answers.values();
  server = createServer((request, response) => {
    request.resume();
    const path = request.url ?? '';
    const isLogin = path.endsWith('/auth/login');
    if (isLogin) logins += 1;
    else {
      const key = request.headers['idempotency-key']?.toString();
      asked.push({ path, key, token: request.headers.authorization });
    }
    const login: Answer = { status: 200, body: { accessToken: `token-${logins}` } };
    const { status, body } = isLogin ? login : (left.next().value ?? done);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const door = openFrontDoor(`http://127.0.0.1:${port ?? 0}`, 'secret');
  return { asked, door, logins: () => logins };
}

function opening() {
  const [plot] = plotsOf({ ...acme, catalog: [] });
  if (!plot) throw new Error('There is no story');
  return plot.opening;
}

describe('the front door', () => {
  it('signs a person in once, however many requests they send', async () => {
    const { door, asked, logins } = await openApi([]);
    await Promise.all([door.send(opening(), names), door.send(opening(), names)]);
    await door.send(opening(), names);
    expect(logins()).toBe(1);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toEqual({
      path: '/api/v1/incidents',
      key: 'demo/acme/1/0',
      token: 'Bearer token-1',
    });
  });

  it.each([
    ['not decided yet', { status: 202, body: {} }],
    ['still running', problem(409, 'idempotency_in_progress')],
    ['too fast', problem(429, 'rate_limited')],
    ['away', problem(503, 'unavailable')],
  ])('repeats with the same key what is %s', async (_, answer) => {
    const { door, asked } = await openApi([answer, answer]);
    expect(await door.send(opening(), names)).toEqual({ done: true });
    expect(asked.map(({ key }) => key)).toEqual(Array(3).fill('demo/acme/1/0'));
  });

  it('signs in again when the token has run out', async () => {
    const { door, asked } = await openApi([problem(401, 'unauthenticated')]);
    expect(await door.send(opening(), names)).toEqual({ done: true });
    expect(asked.map(({ token }) => token)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('waits until what a request is about is there, which it finds by itself', async () => {
    const row = (id: string, is: string) => ({ id, is });
    const { door, asked } = await openApi([
      { status: 200, body: { data: [] } },
      { status: 200, body: { data: [row('a', 'other'), row('b', 'meant')] } },
    ]);
    const find = {
      path: () => 'tasks?q=x',
      isIt: ({ is }: Readonly<Record<string, unknown>>) => is === 'meant',
    };
    const deed = { ...opening(), path: 'tasks/{found}/actions/start', find };
    expect(await door.send(deed, names)).toEqual({ done: true });
    expect(asked.map(({ path, key }) => [path, key])).toEqual([
      ['/api/v1/tasks?q=x', undefined],
      ['/api/v1/tasks?q=x', undefined],
      ['/api/v1/tasks/b/actions/start', 'demo/acme/1/0'],
    ]);
  });

  it('tells a refusal and does not repeat it', async () => {
    const { door, asked } = await openApi([problem(409, 'invalid_transition')]);
    expect(await door.send(opening(), names)).toEqual({
      done: false,
      why: 'It is invalid_transition. (invalid_transition)',
    });
    expect(asked).toHaveLength(1);
  });
});
