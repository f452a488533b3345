import { createServer, type Server } from 'node:net';
import { anyFreePort, choosePorts, isFree, type PortWish } from './ports';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

const api: Omit<PortWish, 'usual' | 'asked'> = { of: 'API', variable: 'PORT' };

describe('a port', () => {
  it('that is free is taken', async () => {
    const usual = await anyFreePort();
    const { portOf, said } = await choose([['api', { ...api, asked: undefined, usual }]]);
    expect(portOf('api')).toBe(usual);
    expect(said).toEqual([]);
  });

  it('that is a busy default moves on to the next free one and says so', async () => {
    const usual = await busyPort();
    const { portOf, said } = await choose([['api', { ...api, asked: undefined, usual }]]);
    expect(portOf('api')).toBeGreaterThan(usual);
    expect(said).toEqual([`API: port ${usual} is in use, taking ${portOf('api')}`]);
    expect(await isFree(portOf('api'))).toBe(true);
  });

  it('that was asked for and is busy is an error that names port and variable', async () => {
    const asked = await busyPort();
    await expect(choose([['api', { ...api, asked, usual: 3000 }]])).rejects.toThrow(
      `API: port ${asked} (PORT) is in use`,
    );
  });

  it('is busy on one address when something listens on all', async () => {
    const port = await busyPort('0.0.0.0');
    expect(await isFree(port, '127.0.0.1')).toBe(false);
  });

  it('of a host that is not of this machine is a clear error', async () => {
    await expect(isFree(await anyFreePort(), '203.0.113.7')).rejects.toThrow(
      'HOST 203.0.113.7 is not an address of this machine',
    );
  });
});

it('no two wishes get the same port, and what was asked for goes first', async () => {
  const port = await anyFreePort();
  const { portOf } = await choose([
    ['api', { ...api, asked: undefined, usual: port }],
    ['ui', { of: 'Temporal Web UI', variable: 'TEMPORAL_UI_PORT', asked: port, usual: 8233 }],
  ]);
  expect(portOf('ui')).toBe(port);
  expect(portOf('api')).not.toBe(port);
});

it('one port that is asked for twice is an error', async () => {
  const asked = await anyFreePort();
  const wishes: [string, PortWish][] = [
    ['api', { ...api, asked, usual: 3000 }],
    ['ui', { of: 'Temporal Web UI', variable: 'TEMPORAL_UI_PORT', asked, usual: 8233 }],
  ];
  await expect(choose(wishes)).rejects.toThrow('TEMPORAL_UI_PORT');
});

async function choose(wishes: [string, PortWish][]) {
  const said: string[] = [];
  const portOf = await choosePorts(new Map(wishes), (line) => said.push(line));
  return { portOf, said };
}

function busyPort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, host, () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error('no port'));
    });
    servers.push(server);
  });
}
