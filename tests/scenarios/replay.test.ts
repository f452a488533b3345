/** A replay that is killed and started again, against a real API. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { hashPassword } from '../../api/auth/password';
import { foundOrganization } from '../../models/organizations/found';
import { blueprintOf, matrixOf } from '../../scripts/replay/blueprint';
import { bpi2013 } from '../../scripts/replay/bpi2013/log-row';
import { castOf } from '../../scripts/replay/cast';
import { openDoor } from '../../scripts/replay/door';
import { replay } from '../../scripts/replay/run';
import { surroundings } from '../../scripts/stack/environment';
import { eventually, openWorld, password, type World } from '../harness';

const checkout = resolve(__dirname, '..', '..');
const log = join(checkout, 'scripts/replay/bpi2013/fixtures/small.csv');

/** A world whose API listens. */
async function openPlace() {
  const world = await openWorld();
  const server = createServer(world.app);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await world.close();
  };
  return { world, url: `http://127.0.0.1:${port}`, close };
}

type Place = Awaited<ReturnType<typeof openPlace>>;

/** The command as people give it. */
function begin({ url, world }: Place, folder: string): ChildProcess {
  const wish = ['--format', 'bpi2013', '--resume', folder, '--concurrency', '3', '--url', url];
  return spawn(process.execPath, ['--import', 'tsx', 'scripts/replay.ts', log, ...wish], {
    cwd: checkout,
    env: surroundings({ DATABASE_URL: world.databaseUrl, DEMO_PASSWORD: '' }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What it printed, with its exit code. */
async function ended(child: ChildProcess): Promise<{ code: number | null; report: string }> {
  let report = '';
  child.stdout?.on('data', (chunk) => (report += String(chunk)));
  const code = await new Promise<number | null>((over) => child.once('close', over));
  return { code, report };
}

async function tellAtOnce({ world, url }: Place): Promise<void> {
  const rows = bpi2013.read(readFileSync(log, 'utf8'));
  // Another organization: both worlds share one engine, where the same lives would meet.
  const cast = castOf('replay-at-once');
  const hash = await hashPassword(password);
  const hashes = { known: hash, unknown: hash };
  await foundOrganization(world.database, blueprintOf(rows, cast, hashes));
  const { telling } = bpi2013;
  const play = { door: openDoor(url, password), cast, matrix: matrixOf(rows), telling };
  const running = { play, concurrency: 3, journal: undefined, onRow: () => undefined };
  await replay(rows, running);
}

/** Every line of every feed in its order, but for ids and times. */
function feedsOf(world: World) {
  return world.rows(
    `select t.title, t.state, e.version, e.type
       from tickets t join ticket_events e on e.ticket_id = t.id
      order by t.title, e.version`,
  );
}

describe('a replay that is killed', () => {
  it('goes on where it was when it is started again: every ticket as in one run', async () => {
    const [killed, whole] = await Promise.all([openPlace(), openPlace()]);
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-replay-test-'));
    const progress = join(folder, 'progress.jsonl');
    const first = begin(killed, folder);
    try {
      await eventually('some rows are told', () => Promise.resolve(tellsSome(progress)), 60_000);
      first.kill('SIGKILL');
      await ended(first);
      // As if it had died between the answer and its note of it: the row is told again.
      truncateSync(progress, readFileSync(progress).length - 5);
      const [{ code, report }] = await Promise.all([
        ended(begin(killed, folder)),
        tellAtOnce(whole),
      ]);
      expect(report).toMatch(/rows taken over from earlier runs +\| [1-9]/);
      expect(report).toMatch(/answers replayed from an earlier run +\| [1-9]/);
      expect(report).toContain('5 of 5 tickets end where the log ends.');
      expect(code).toBe(0);
      const feeds = await feedsOf(killed.world);
      expect(feeds).toEqual(await feedsOf(whole.world));
      expect(feeds.length).toBeGreaterThan(30);
    } finally {
      first.kill('SIGKILL');
      await Promise.all([killed.close(), whole.close()]);
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});

function tellsSome(progress: string): true | undefined {
  const rows = existsSync(progress) ? readFileSync(progress, 'utf8').split('\n').length - 2 : 0;
  return rows >= 6 ? true : undefined;
}
