/** HTTP at little cost: connections that stay open, and no more than the bench needs. */
import { Agent, request } from 'node:http';
import { messageOf } from '../stack/failure';

export interface Ask {
  readonly method: 'GET' | 'POST';
  /** Below /api/v1. */
  readonly path: string;
  readonly token: string;
  /** Left out = a read. */
  readonly key?: string;
  readonly body?: object;
}

export interface Reply {
  /** 0 when there was no answer. */
  readonly status: number;
  /** The body, or why there was no answer. */
  readonly text: string;
}

export interface Wire {
  send(ask: Ask): Promise<Reply>;
  close(): void;
}

/** Longer than the 8 s within which the service answers. */
const patienceMs = 30_000;

export function openWire(address: string): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const { hostname, port } = new URL(address);
  return {
    send: ({ method, path, token, key, body }) =>
      new Promise((resolve) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = {
          authorization: `Bearer ${token}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        };
        const options = { agent, hostname, port, method, path: `/api/v1${path}`, headers };
        const sent = request({ ...options, timeout: patienceMs }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(chunks).toString('utf8'),
            });
          });
          response.on('error', (error) => {
            resolve({ status: 0, text: messageOf(error) });
          });
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
        sent.on('error', (error) => {
          resolve({ status: 0, text: messageOf(error) });
        });
        sent.end(text);
      }),
    close: () => {
      agent.destroy();
    },
  };
}
