/** Ports: a busy default moves on to the next free one, a busy port that was asked for is an error. */
import { connect, createServer } from 'node:net';
import { type Say } from './progress';

export interface PortWish {
  /** Who wants it, as it reads in messages, e.g. `API`. */
  readonly of: string;
  /** The variable by which a port is asked for, e.g. `PORT`. */
  readonly variable: string;
  readonly asked: number | undefined;
  readonly usual: number;
  readonly host?: string;
}

/** How far above the usual port a free one is looked for. */
const reach = 100;

/** Chooses a port for each wish, all different; throws when a port that was asked for is busy. */
export async function choosePorts<K extends string>(
  wishes: ReadonlyMap<K, PortWish>,
  say: Say,
): Promise<(key: K) => number> {
  const chosen = new Map<K, number>();
  // Ports that were asked for come first, so that no default takes one of them.
  for (const [key, wish] of [...wishes].sort(([, a], [, b]) => rank(a) - rank(b))) {
    chosen.set(key, await choose(wish, new Set(chosen.values()), say));
  }
  return (key) => {
    const port = chosen.get(key);
    if (port === undefined) throw new Error(`No port was chosen for ${key}.`);
    return port;
  };
}

async function choose(wish: PortWish, taken: ReadonlySet<number>, say: Say): Promise<number> {
  const free = async (port: number) => !taken.has(port) && (await isFree(port, wish.host));
  if (wish.asked !== undefined) {
    if (await free(wish.asked)) return wish.asked;
    throw new Error(
      `${wish.of}: port ${wish.asked} (${wish.variable}) is in use. Free it or set another ${wish.variable}.`,
    );
  }
  for (let port = wish.usual; port < wish.usual + reach; port += 1) {
    if (!(await free(port))) continue;
    if (port !== wish.usual) say(`${wish.of}: port ${wish.usual} is in use, taking ${port}`);
    return port;
  }
  throw new Error(
    `${wish.of}: no free port from ${wish.usual} to ${wish.usual + reach - 1}. Set ${wish.variable}.`,
  );
}

/** True when nothing listens on the port and we could. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  // Some systems let a socket of one address shadow another's of all addresses: so both are tried.
  return (await canListen(port, host)) && !(await answers(port, '127.0.0.1'));
}

/** A port that was free a moment ago, chosen by the system. */
export function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL') {
        reject(new Error(`HOST ${host} is not an address of this machine.`));
      } else resolve(false);
    });
    server.listen(port, host, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}

/** True when something accepts a connection within a second. */
export function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => {
      end(true);
    });
    socket.once('timeout', () => {
      end(false);
    });
    socket.once('error', () => {
      end(false);
    });
  });
}

const rank = (wish: PortWish) => (wish.asked === undefined ? 1 : 0);
