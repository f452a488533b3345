/**
 * The rehearsal of a restore: PostgreSQL is dumped, both stores are lost, the dump is brought back,
 * every life is started from its row, and every ticket is compared.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { resumeAll } from '../../engine/resume';
import { readConfig } from '../../config';
import { urlOf, withClient } from '../../models/provision';
import { check } from '../ops/check';
import { openInstallation, requireEngine, type Installation } from '../ops/installation';
import { openDoor } from '../replay/door';
import { openDesk } from '../rig/desk';
import { openRig, type Rig } from '../rig/rig';
import { timed, type Say } from '../stack/progress';
import { until } from '../stack/wait';
import { differences, judgeOverdue, lostSince } from './compare';
import { dump, restore, versionOf, wayFor, type Place, type Way } from './dump';
import { commentOn, fill, open, promiseSoon, type Cast } from './lives';
import { recordOf, type TicketRecord } from './record';

export interface DrillWish {
  readonly tickets: number;
  /** A dump of another installation, in a format of pg_restore; undefined = one of our own making. */
  readonly dumpFile: string | undefined;
  readonly say: Say;
}

type Records = Map<string, TicketRecord>;

/** True when every ticket came back as it was and went on as it should. */
export async function restoreDrill(wish: DrillWish): Promise<boolean> {
  const { say, dumpFile } = wish;
  const rig = await timed(say, 'An installation in a scratch folder is ready', () =>
    openRig({ kind: 'drill', say }),
  );
  try {
    const findings =
      dumpFile === undefined ? await onOurs(rig, wish) : await onGiven(rig, dumpFile, wish);
    for (const finding of findings.slice(0, shownFindings)) say(`FOUND ${finding}`);
    say(
      findings.length === 0
        ? 'The restore is rehearsed: nothing was found.'
        : `Findings: ${findings.length}`,
    );
    return findings.length === 0;
  } finally {
    await rig.close();
  }
}

const shownFindings = 50;

async function onOurs(rig: Rig, wish: DrillWish): Promise<string[]> {
  const { say } = wish;
  const place = placeOf(rig);
  const file = join(rig.folder, 'holdfast.dump');
  const { cast, ids } = await stage(rig, wish);
  const { way, dumped } = await dumpUnderLoad(rig, { cast, ids, file, say });
  await goOn(rig, cast, ids);
  const lost = lostSince(dumped, await withClient(place.adminUrl, recordOf));
  say(`After the dump, so lost with everything: ${lost.lines} facts, ${lost.tickets} tickets`);
  await timed(say, 'Both stores were lost; an empty PostgreSQL runs', rig.loseStores);
  const restored = await bringBack(place, { way, file, say });
  return [...differences(dumped, restored), ...(await liveOn(rig, dumped, say))];
}

async function onGiven(rig: Rig, file: string, { say }: DrillWish): Promise<string[]> {
  if ((await versionOf('pg_restore')) === undefined) {
    throw new Error('A dump of another installation needs pg_restore on the PATH.');
  }
  await rig.loseStores();
  const restored = await bringBack(placeOf(rig), { way: 'pg_dump', file, say });
  return liveOn(rig, restored, say);
}

function placeOf({ database }: Rig): Place {
  return { adminUrl: urlOf(database.adminUrl, 'holdfast'), ownerUrl: database.ownerUrl };
}

async function stage(rig: Rig, { tickets, say }: DrillWish) {
  const desk = await openDesk(rig.database.url, { slug: 'drill', agents: 2, requesters: 1 });
  await promiseSoon(placeOf(rig).adminUrl, desk);
  const cast = { desk, door: openDoor(rig.addresses, desk.password) };
  const ids = await timed(say, `${tickets} tickets are under way`, () => fill(cast, tickets));
  return { cast, ids };
}

interface Scene {
  readonly cast: Cast;
  readonly ids: readonly string[];
  readonly file: string;
  readonly say: Say;
}

/** The engine is away, so rows owe it messages; people go on opening and commenting all the while. */
async function dumpUnderLoad(rig: Rig, { cast, ids, file, say }: Scene) {
  const { adminUrl } = placeOf(rig);
  await rig.parts.get('Temporal')?.kill();
  for (let n = 0; n < ids.length / 10; n += 1) await open(cast);
  let isOver = false;
  const load = async () => {
    while (!isOver) await commentOn(cast, await open(cast));
  };
  const loaded = load();
  const dumped = await timed(
    say,
    ({ way, records }: { way: Way; records: Records }) =>
      `Dumped while people went on, ${wordsFor[way]}: ${records.size} tickets, ${owed(records)} messages owed, ${sizeOf(file)}`,
    () => withClient(adminUrl, (reader) => inOneView(reader, adminUrl, file)),
  ).finally(() => {
    isOver = true;
  });
  await loaded;
  return { way: dumped.way, dumped: dumped.records };
}

const wordsFor: Readonly<Record<Way, string>> = {
  pg_dump: 'with pg_dump',
  rows: 'row by row in one transaction (there is no pg_dump of the version of the server)',
};

async function inOneView(reader: Client, adminUrl: string, file: string) {
  await reader.query('begin isolation level repeatable read read only');
  const records = await recordOf(reader);
  const { rows } = await reader.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  const way = await wayFor(rows[0]?.major ?? 0);
  await dump(way, adminUrl, reader, file);
  await reader.query('commit');
  return { way, records };
}

const owed = (records: Records) =>
  [...records.values()].reduce((sum, record) => sum + record.owed.length, 0);

const sizeOf = (file: string) => `${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`;

/** Facts after the dump: no restore can bring them back. */
async function goOn(rig: Rig, cast: Cast, ids: readonly string[]): Promise<void> {
  await rig.start();
  for (const id of ids.slice(0, 20)) await commentOn(cast, id);
  await fill(cast, 10);
}

interface Return {
  readonly way: Way;
  readonly file: string;
  readonly say: Say;
}

async function bringBack(place: Place, { way, file, say }: Return): Promise<Records> {
  await timed(say, 'PostgreSQL was restored', () => restore(way, place, file));
  return withClient(place.adminUrl, recordOf);
}

/** Starts the lives, lets them act, and judges what they did. */
async function liveOn(rig: Rig, dumped: Records, say: Say): Promise<string[]> {
  await rig.parts.get('Temporal')?.start();
  const installation = await openInstallation(
    readConfig({ DATABASE_URL: rig.database.url, TEMPORAL_ADDRESS: rig.temporalAddress }),
  );
  try {
    const failed = await resumeInto(installation, dumped.size, say);
    await timed(say, 'Worker and API are ready', rig.start);
    const after = await timed(say, 'What was overdue was acted on', () => whenQuiet(rig));
    const { entries, wrong } = judgeOverdue(dumped, after.records, after.now);
    say(`Agenda entries that fell due meanwhile, each acted on at its instant: ${entries}`);
    return [...failed, ...wrong, ...((await check(installation)) ? [] : ['check found something'])];
  } finally {
    await installation.close();
  }
}

async function resumeInto(installation: Installation, tickets: number, say: Say) {
  const engineAnswers = async () => {
    await requireEngine(installation);
    return true;
  };
  await until(engineAnswers, { what: 'Temporal', withinMs: 60_000 });
  const since = performance.now();
  const { started, lookedAt, failed } = await resumeAll(installation);
  const tookMs = performance.now() - since;
  const each = lookedAt === 0 ? 0 : tookMs / lookedAt;
  say(
    `resume --all-missing: ${started} of ${lookedAt} unsettled tickets live again (${tickets} tickets in all; ` +
      `${(tookMs / 1000).toFixed(1)} s, ${each.toFixed(1)} s per 1,000)`,
  );
  return failed.map(({ ticket, reason }) => `${ticket} could not be started: ${reason}`);
}

/** Waits until nothing is overdue and nothing is owed; the tickets at that moment. */
async function whenQuiet(rig: Rig): Promise<{ records: Records; now: string }> {
  const { adminUrl } = placeOf(rig);
  return withClient(adminUrl, async (client) => {
    let quietAt: string | undefined;
    const isQuiet = async () => {
      const { rows } = await client.query<{ at: Date }>(
        `select now() as at
          where not exists (select from tickets where not is_settled and next_due_at <= now())
            and not exists (select from engine_outbox where set_aside_at is null)`,
      );
      quietAt = rows[0]?.at.toISOString();
      return quietAt !== undefined;
    };
    await until(isQuiet, { what: 'Lives that act on what is overdue', withinMs: 600_000 });
    return { records: await recordOf(client), now: quietAt ?? '' };
  });
}
