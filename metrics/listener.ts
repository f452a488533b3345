/**
 * The address for operators, apart from the API: a reverse proxy that publishes the API's port must not
 * publish this. No sign-in, so it listens on the loopback address unless METRICS_HOST says otherwise.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Readiness } from '../engine/health';
import type { Logger } from '../log';

export interface ListenerWish {
  readonly host: string;
  /** Undefined: one that is free; the log says which. */
  readonly port: number | undefined;
}

export interface Pages {
  /** Prometheus text format. */
  readonly metrics: () => Promise<string>;
  readonly readiness: () => Promise<Readiness>;
}

export interface Listener {
  readonly close: () => Promise<void>;
}

/** Serves /metrics, /health/live and /health/ready (here with reasons). Throws when the port is taken. */
export async function listen(wish: ListenerWish, pages: Pages, log: Logger): Promise<Listener> {
  const server = createServer((request, response) => {
    answer(request, response, pages).catch((error: unknown) => {
      log.error({ err: error, path: request.url }, 'operators were not answered');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await opened(server, wish);
  log.info({ address: server.address() }, 'metrics are served');
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function opened(server: Server, { host, port = 0 }: ListenerWish): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const where = `METRICS_HOST ${host}, METRICS_PORT ${port}`;
      reject(new Error(`The metrics cannot be served (${where}): ${error.message}`));
    });
    server.listen(port, host, resolve);
  });
}

async function answer({ method, url }: IncomingMessage, response: ServerResponse, pages: Pages) {
  const isRead = method === 'GET' || method === 'HEAD';
  const path = (url ?? '').split('?')[0];
  response.setHeader('Cache-Control', 'no-store');
  if (!isRead) response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  else if (path === '/metrics') text(response, await pages.metrics());
  else if (path === '/health/live') json(response, 200, { status: 'live' });
  else if (path === '/health/ready') {
    const found = await pages.readiness();
    json(response, found.ready ? 200 : 503, found);
  } else response.writeHead(404).end();
}

function text(response: ServerResponse, page: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(page);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
