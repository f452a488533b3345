/** Against a server on this machine: what is called, what is refused, what counts as an answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HopelessWork } from '../fulfilment/hopeless-work';
import { longestReplyBytes, send, type Address, type Network } from './send';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let port: number;
let answer: Answer;
let asked: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} of ${request.headers.host ?? ''}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  asked = [];
  answer = (_, response) => response.end('{}');
});
afterAll(
  () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    }),
);

const get = (base: string, network: Network) =>
  send({ method: 'GET', url: new URL(base), headers: {} }, network);
const here = () => `http://127.0.0.1:${port}/x`;
const allowing: Network = { hosts: ['127.0.0.1'] };
const leadingTo = (...addresses: string[]) => {
  const found = addresses.map((address): Address => ({ address, family: 4 }));
  return () => Promise.resolve(found);
};

describe('a host inside', () => {
  it.each([
    ...['https://127.0.0.1', 'https://2130706433', 'https://0x7f.1', 'https://0177.0.0.1'],
    ...['https://[::1]', 'https://[::ffff:127.0.0.1]', 'https://[64:ff9b::7f00:1]'],
    ...['https://169.254.169.254/latest/meta-data', 'https://[fd00:ec2::254]', 'https://0.0.0.0'],
    ...['https://10.0.0.1', 'http://8.8.8.8'],
  ])('is not called: %s', async (url) => {
    await expect(get(url, { hosts: [] })).rejects.toThrow(HopelessWork);
  });

  it('is not called by a name that leads there, also when only one of its addresses does', async () => {
    const url = `https://idm.example:${port}`;
    for (const found of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:7f00:1']]) {
      const network = { hosts: [], resolve: leadingTo(...found) };
      await expect(get(url, network)).rejects.toThrow(HopelessWork);
    }
    expect(asked).toEqual([]);
  });

  it('is called where the operator allows it, at that port', async () => {
    expect(await get(here(), { hosts: [`127.0.0.1:${port}`] })).toEqual({
      status: 200,
      text: '{}',
    });
    await expect(get(here(), { hosts: ['127.0.0.1:1'] })).rejects.toThrow(HopelessWork);
  });
});

describe('a name that leads elsewhere a moment later', () => {
  it('is looked up once, and what was judged is what is called', async () => {
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    const looked: string[] = [];
    const resolve = (name: string) => {
      looked.push(name);
      return leadingTo(...(answers.shift() ?? []))();
    };
    const reply = await get(`http://rebind.example:${port}/x`, {
      ...{ hosts: ['rebind.example'], resolve, timeoutMs: 2_000 },
    });
    expect(reply.status).toBe(200);
    expect(looked).toEqual(['rebind.example']);
    expect(asked).toEqual([`GET /x of rebind.example:${port}`]);
  });
});

describe('an answer', () => {
  it('that sends elsewhere is not followed', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/other' }).end();
    expect(await get(here(), allowing)).toEqual({ status: 302, text: '' });
    expect(asked).toHaveLength(1);
  });

  it('is kept up to its bound, and not read beyond', async () => {
    const kept = 'x'.repeat(longestReplyBytes);
    answer = (_, response) => response.end(kept);
    expect((await get(here(), allowing)).text).toBe(kept);
    answer = (_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    };
    expect(await get(here(), allowing)).toEqual({ status: 200, text: null });
  });

  it('that comes twice counts once, as the first said', async () => {
    answer = (request) => {
      const first = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
      request.socket.end(`${first}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`);
    };
    expect(await get(here(), allowing)).toEqual({ status: 200, text: '{}' });
  });

  it('that breaks off is none', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    };
    await expect(get(here(), allowing)).rejects.not.toThrow(HopelessWork);
    answer = (request) => request.socket.destroy();
    await expect(get(here(), allowing)).rejects.not.toThrow(HopelessWork);
  });

  it('that takes too long is none, at whichever moment', async () => {
    const hurried = { ...allowing, timeoutMs: 100 };
    answer = () => undefined;
    await expect(get(here(), hurried)).rejects.toThrow();
    answer = (_, response) => {
      response.write('a');
    };
    await expect(get(here(), hurried)).rejects.toThrow();
    const resolve = () => new Promise<readonly Address[]>(() => undefined);
    const lost = get('https://slow.example', { hosts: [], resolve, timeoutMs: 100 });
    await expect(lost).rejects.toThrow('in time');
  });

  it('nobody gives is none', async () => {
    await expect(get('http://127.0.0.1:1/', allowing)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
