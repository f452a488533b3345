/** The API is killed while files come in: what a ticket has, it has whole, and what is left over is found. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { sweepFiles } from '../../../models/attachments/sweep';
import { doorOf, listedBy, pdfOf, type Door } from '../../api/files';
import { eventually, openWorld, type World } from '../../harness';
import { services } from '../../setup/services';
import { openedIncident } from './record';

const mebibyte = 2 ** 20;
const rounds = 5;

let world: World;
let cluster: Awaited<ReturnType<typeof services>>;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  cluster = await services(world, { ATTACHMENTS_FOLDER: world.fileFolder });
});
afterAll(async () => {
  await cluster.close();
  await world.close();
});

const files = async () =>
  (await readdir(world.fileFolder, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map(({ name }) => name);
const listens = () =>
  eventually('it listens', () =>
    fetch(`${cluster.url}/health/live`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    ),
  );
const aged = () =>
  world.rows(
    `update attachment_files set unheld_since = unheld_since - interval '25 hours' where unheld_since is not null`,
  );

/** Sends one after the other until nobody answers; adds the hashes of those that were taken. */
async function sendUntilKilled(door: Door, path: string, taken: string[]): Promise<void> {
  for (let n = 0; ; n += 1) {
    const file = pdfOf(mebibyte);
    const answer = await door.add(`${path}?name=${n}.pdf`, file).catch(() => undefined);
    if (answer?.status !== 201) return;
    taken.push(createHash('sha256').update(file).digest('hex'));
  }
}

it('a kill -9 in the middle of an upload leaves no attachment, and what it wrote is swept', async () => {
  const api = await cluster.api();
  await listens();
  const { id } = await openedIncident(await world.as('user'));
  const path = `/incidents/${id}/attachments`;
  const door = await doorOf(world, cluster.url, 'user');
  const sending = door.begin(`${path}?name=a.pdf`, { 'content-type': 'application/pdf' });
  sending.write(pdfOf(mebibyte));
  await eventually('it is on its way', async () => ((await files()).length > 0 ? true : undefined));
  await api.kill();
  expect((await files()).map((name) => name.replace(/^.*\./, '.'))).toEqual(['.begun']);
  expect(await world.rows('select 1 from attachments')).toEqual([]);
  await aged();
  await sweepFiles(world);
  expect([await files(), await world.rows('select 1 from attachment_files')]).toEqual([[], []]);
});

it('killed at any moment, again and again: each that was taken is there, and each that is there is whole', async () => {
  const { id } = await openedIncident(await world.as('user'));
  const path = `/incidents/${id}/attachments`;
  const taken: string[] = [];
  const api = await cluster.api();
  for (let round = 0; round < rounds; round += 1) {
    await api.start();
    await listens();
    const door = await doorOf(world, cluster.url, 'user');
    const before = taken.length;
    const sending = sendUntilKilled(door, path, taken);
    await eventually('one was taken', () => Promise.resolve(taken.length > before || undefined));
    await pause(round * 17);
    await api.kill();
    await sending;
  }
  await aged();
  await sweepFiles(world);
  await api.start();
  await listens();
  const door = await doorOf(world, cluster.url, 'user');
  const there = await listedBy(door, `${path}?limit=100`);
  expect(taken.length).toBeGreaterThanOrEqual(rounds);
  expect(there.map(({ sha256 }) => sha256)).toEqual(expect.arrayContaining(taken));
  for (const one of there) {
    const answer = await door.get(`${path}/${one.id}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(one.sha256);
  }
  expect(await files()).toHaveLength(new Set(there.map(({ sha256 }) => sha256)).size);
  await api.stop();
});
