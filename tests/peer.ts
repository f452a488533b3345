/** Another system on this machine, for one test file: what it was asked, and how it answers. */
import { createServer, type ServerResponse } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answering = (response: ServerResponse, asked: Asked) => void;

export const answering =
  (status: number, body = ''): Answering =>
  (response) => {
    response.writeHead(status).end(body);
  };

export type Peer = Awaited<ReturnType<typeof startPeer>>;

export async function startPeer() {
  const asked: Asked[] = [];
  let script: Answering[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      asked.push(one);
      (script.shift() ?? answering(200, '{}'))(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    /** One answer for each request; then 200 and `{}`. Forgets what was asked. */
    answers: (...answers: Answering[]) => {
      script = answers;
      asked.length = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
