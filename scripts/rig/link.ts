/** A wire between two processes that can be cut: every connection between them goes through it. */
import { connect, createServer, type Socket } from 'node:net';

export interface Link {
  /** As it reads in reports, e.g. `API to PostgreSQL`. */
  readonly name: string;
  /** Where the one connects instead of going straight to the other, on 127.0.0.1. */
  readonly port: number;
  /** Ends every connection at once and takes no new one, until `mend`. */
  readonly cut: () => void;
  /** Keeps all connections and passes nothing on, until `mend`: the wire that is silent. */
  readonly stall: () => void;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a wire to a port of 127.0.0.1 on a free port. */
export async function openLink(name: string, target: number): Promise<Link> {
  const wires = new Map<Socket, Socket>();
  let state: 'whole' | 'cut' | 'stalled' = 'whole';
  const pass = (from: Socket, to: Socket) => {
    if (state === 'whole') from.pipe(to);
  };
  const join = (from: Socket, to: Socket) => {
    wires.set(from, to);
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      wires.delete(from);
      to.destroy();
    });
    pass(from, to);
  };
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    join(near, far);
    join(far, near);
  });
  const cut = () => {
    state = 'cut';
    for (const wire of wires.keys()) wire.destroy();
  };
  return {
    name,
    port: await listening(server),
    cut,
    stall: () => {
      state = 'stalled';
      for (const wire of wires.keys()) wire.unpipe().pause();
    },
    mend: () => {
      state = 'whole';
      for (const [from, to] of wires) from.unpipe().pipe(to);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        cut();
      }),
  };
}

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}
