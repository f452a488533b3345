import { pino } from 'pino';
import { z } from 'zod';
import { anyFreePort } from '../scripts/stack/ports';
import { listen, type Listener, type Pages } from './listener';

const since = '2026-11-23T09:00:00.000Z';
const parts = { outbox: { ok: false, since, detail: 'the oldest row waits for 130 s' } };
const pages: Pages = {
  metrics: () => Promise.resolve('a 1\n'),
  readiness: () => Promise.resolve({ ready: false, parts }),
};

let listener: Listener | undefined;
afterEach(() => listener?.close());

/** Where it listens: on a port that the system chose, as its line in the log says. */
async function opened(given: Pages = pages): Promise<string> {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => lines.push(line) });
  listener = await listen({ host: '127.0.0.1', port: undefined }, given, log);
  const Line = z.object({ address: z.object({ address: z.string(), port: z.number() }) });
  const { address } = Line.parse(JSON.parse(lines[0] ?? ''));
  return `http://${address.address}:${address.port}`;
}

describe('the address for operators', () => {
  it('serves the metrics as Prometheus reads them', async () => {
    const response = await fetch(`${await opened()}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('a 1\n');
  });

  it('says of each part whether it is well, since when, and why not', async () => {
    const response = await fetch(`${await opened()}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, parts });
  });

  it('is alive whatever is away', async () => {
    const never = () => Promise.reject(new Error('away'));
    const url = await opened({ metrics: never, readiness: never });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/metrics/more', 404],
    ['POST', '/metrics', 405],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await fetch(`${await opened()}${path}`, { method })).status).toBe(status);
  });

  it('cannot be opened on a port that is taken, and says which', async () => {
    const port = await anyFreePort();
    const log = pino({ level: 'silent' });
    listener = await listen({ host: '127.0.0.1', port }, pages, log);
    await expect(listen({ host: '127.0.0.1', port }, pages, log)).rejects.toThrow(
      `METRICS_PORT ${port}`,
    );
  });
});
