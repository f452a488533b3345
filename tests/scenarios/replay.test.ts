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
import { bpi2013Problems } from '../../scripts/replay/bpi2013-problems/log-row';
import { castOf } from '../../scripts/replay/cast';
import { openDoor } from '../../scripts/replay/door';
import type { Format } from '../../scripts/replay/format';
import type { LogRow } from '../../scripts/replay/log-row';
import { replay } from '../../scripts/replay/run';
import type { Likeness } from '../../scripts/replay/sequence';
import { endsAsTheLog, judge } from '../../scripts/replay/verdict';
import { surroundings } from '../../scripts/stack/environment';
import { eventually, openWorld, password, type World } from '../harness';

const checkout = resolve(__dirname, '..', '..');
const fixtures = join(checkout, 'scripts/replay/bpi2013/fixtures');
const log = join(fixtures, 'small.csv');

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

/** The log of a fixture, told in one go to an organization of its own. */
async function tell({ world, url }: Place, rows: readonly LogRow[], as: Format) {
  const cast = castOf(as.organization);
  const hash = await hashPassword(password);
  const hashes = { known: hash, unknown: hash };
  await foundOrganization(world.database, blueprintOf(rows, cast, hashes));
  const { telling } = as;
  const play = { door: openDoor(url, password), cast, matrix: matrixOf(rows), telling };
  const running = { play, concurrency: 3, journal: undefined, onRow: () => undefined };
  return { play, replayed: await replay(rows, running) };
}

async function tellAtOnce(place: Place): Promise<void> {
  const rows = bpi2013.read(readFileSync(log, 'utf8'));
  // Another organization: both worlds share one engine, where the same lives would meet.
  await tell(place, rows, { ...bpi2013, organization: 'replay-at-once' });
}

/** Every line of every feed in its order, but for ids and times. */
function feedsOf(world: World) {
  return world.rows(
    `select t.title, t.state, e.version, e.type
       from tickets t join ticket_events e on e.ticket_id = t.id
      order by t.title, e.version`,
  );
}

/** How often each thing was done to problems. */
async function tallyOf(world: World) {
  const tally = await world.rows(
    `select e.type, count(*)::int from tickets t join ticket_events e on e.ticket_id = t.id
      where t.type = 'problem' group by 1`,
  );
  return Object.fromEntries(tally.map(({ type, count }) => [String(type), count]));
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

describe('the problems of a log', () => {
  it('live in Holdfast as the log says, each difference by a rule', async () => {
    const place = await openPlace();
    try {
      const rows = bpi2013Problems.read(readFileSync(join(fixtures, 'problems.csv'), 'utf8'));
      const { play, replayed } = await tell(place, rows, bpi2013Problems);
      const verdicts = await judge(rows, replayed, play);
      expect(verdicts.filter(endsAsTheLog)).toHaveLength(20);
      const wentSo = (kind: Likeness) => verdicts.filter(({ likeness }) => likeness === kind);
      // Nothing is closed here that was not resolved; the one that was cancelled makes no stop.
      expect([wentSo('bridged').length, wentSo('equalAfterBirth').length]).toEqual([19, 1]);
      expect(play.door.figures.refusals.sorted()).toEqual([]);
      expect(replayed.tales).toHaveLength(77);
      expect(replayed.tales.filter(({ fate }) => fate === 'impossible')).toEqual([]);
      // The log ends 23 times: 19 for good, 3 times it goes on, and one is cancelled. Two are major.
      expect(await tallyOf(place.world)).toEqual({
        ...{ opened: 20, assigned: 38, investigationStarted: 22, fixStarted: 9 },
        ...{ resolved: 22, reopened: 3, closed: 19, cancelled: 1 },
        ...{ majorDeclared: 2, reviewed: 2 },
      });
    } finally {
      await place.close();
    }
  }, 180_000);
});

function tellsSome(progress: string): true | undefined {
  const rows = existsSync(progress) ? readFileSync(progress, 'utf8').split('\n').length - 2 : 0;
  return rows >= 6 ? true : undefined;
}
