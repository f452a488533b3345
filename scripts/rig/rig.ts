/**
 * A whole installation in a scratch folder, of which every process can be killed, frozen and started
 * again by hand: for measurements, faults, rehearsals. Nothing restarts by itself.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfig } from '../../config';
import { migrate } from '../../models/migrate';
import { provisionDatabase } from '../../models/provision';
import { localAddress } from '../stack/address';
import { anyFreePort } from '../stack/ports';
import { postgresAnswers, preparePostgres } from '../stack/postgres';
import { removeCluster } from '../stack/postgres-place';
import { type Say } from '../stack/progress';
import { apiProgram, serviceProgram, type ServiceWish, workerProgram } from '../stack/service';
import { temporalListens, temporalProgram } from '../stack/temporal';
import { cliSources, findTemporalCli } from '../stack/temporal-cli';
import { until } from '../stack/wait';
import { type Link, openLink } from './link';
import { type Part, partOf } from './part';
import { removeAbandoned, removeScratch, type Scratch, scratchOf } from './scratch';

export interface RigWish {
  /** Sort of the scratch folder; what a killed run of this sort left is removed. */
  readonly kind: string;
  readonly apis?: number;
  readonly workers?: number;
  /** Wires that can be cut between the services and their stores. They cost some speed. */
  readonly wired?: boolean;
  /** For services, by the names of config.ts. */
  readonly settings?: Readonly<Record<string, string>>;
  /** host:port of an engine that somebody else runs; left out = one of our own. */
  readonly temporalAddress?: string;
  readonly say: Say;
}

export interface Rig {
  readonly folder: string;
  /** By name: `PostgreSQL`, `Temporal`, `API`, `API 2` ..., `worker`, `worker 2` ... */
  readonly parts: ReadonlyMap<string, Part>;
  /** Of each API process. */
  readonly addresses: readonly string[];
  /** Straight to PostgreSQL: as the superuser, as the owner, as the application role. */
  readonly database: { readonly adminUrl: string; readonly ownerUrl: string; readonly url: string };
  /** host:port, straight to the engine. */
  readonly temporalAddress: string;
  /** File of the engine's store; undefined when the engine is not ours. */
  readonly engineStore: string | undefined;
  /** Of the Temporal Web UI; undefined when the engine is not ours. */
  readonly uiAddress: string | undefined;
  readonly links: readonly Link[];
  /**
   * One more program of this installation, from a file of the checkout, with the settings of a service.
   * Only its `start` starts it; `close` ends it.
   */
  readonly add: (
    name: string,
    file: string,
    settings: Readonly<Record<string, string>>,
  ) => Promise<Part>;
  /** Starts what does not run, and waits until every API says that it is ready. */
  readonly start: () => Promise<void>;
  /** Waits until every API process says that it is ready. */
  readonly ready: () => Promise<void>;
  /**
   * The day of the loss: SIGKILL to everything, both stores deleted. Then an empty PostgreSQL runs in
   * the old one's place, with roles and database but without tables; it is another `PostgreSQL` in
   * `parts`. The engine makes an empty store when it is started. Only with an engine of our own.
   */
  readonly loseStores: () => Promise<void>;
  /** Ends everything in order and removes the folder. */
  readonly close: () => Promise<void>;
}

/** Puts an installation together and starts it; ready when it resolves. */
export async function openRig(wish: RigWish): Promise<Rig> {
  await removeAbandoned(wish.kind);
  const scratch = scratchOf(wish.kind);
  try {
    const [stores, engine] = await Promise.all([
      openStores(scratch, wish),
      openEngine(scratch, wish),
    ]);
    await migrate(stores.database.ownerUrl);
    const rig = await putTogether(scratch, wish, { ...stores, ...engine });
    await rig.start();
    return rig;
  } catch (error) {
    await removeScratch(scratch.folder);
    throw error;
  }
}

interface Ground {
  readonly postgres: Part;
  /** Makes a cluster in the place of one that was deleted. */
  readonly newPostgres: () => Promise<Part>;
  readonly postgresPort: number;
  readonly database: Rig['database'];
  readonly temporal: Part | undefined;
  readonly temporalAddress: string;
  readonly engineStore: string | undefined;
  readonly uiAddress: string | undefined;
}

async function openStores({ folder, held }: Scratch, { say }: RigWish) {
  const postgresPort = await anyFreePort();
  const superuserPassword = word();
  const roles = { database: 'holdfast', ownerPassword: word(), appPassword: word() };
  const make = async () => {
    const prepared = await preparePostgres({
      ...{ folder: clusterIn(folder), logFile: join(folder, 'logs', 'postgres.log') },
      ...{ port: postgresPort, superuserPassword, say },
    });
    const postgres = partOf(prepared.program, held);
    await postgres.start();
    await postgresAnswers(prepared, postgres.hopeless);
    const { adminUrl } = prepared;
    const { ownerUrl, appUrl } = await provisionDatabase(adminUrl, roles);
    return { postgres, database: { adminUrl, ownerUrl, url: appUrl } };
  };
  const newPostgres = async () => (await make()).postgres;
  return { ...(await make()), newPostgres, postgresPort };
}

const clusterIn = (folder: string) => join(folder, 'postgres');

async function openEngine({ folder, held }: Scratch, { temporalAddress, say }: RigWish) {
  if (temporalAddress !== undefined) {
    return {
      ...{ temporal: undefined, temporalAddress },
      ...{ engineStore: undefined, uiAddress: undefined },
    };
  }
  const sources = cliSources({
    asked: readConfig().temporal.cli,
    dataFolder: folder,
    stop: new AbortController().signal,
  });
  const [port, uiPort] = [await anyFreePort(), await anyFreePort()];
  const engineStore = join(folder, 'temporal', 'temporal.db');
  const program = temporalProgram({
    cli: await findTemporalCli(sources, say),
    ...{ port, uiPort, store: engineStore, namespace: 'default' },
    logFile: join(folder, 'logs', 'temporal.log'),
  });
  const temporal = partOf(program, held);
  await temporal.start();
  await temporalListens(port, temporal.hopeless);
  const uiAddress = localAddress('127.0.0.1', uiPort);
  return { temporal, temporalAddress: `127.0.0.1:${port}`, engineStore, uiAddress };
}

async function putTogether(scratch: Scratch, wish: RigWish, ground: Ground): Promise<Rig> {
  const { folder, held } = scratch;
  const links: Link[] = [];
  const jwtSecret = word();
  const addresses: string[] = [];
  const serviceWish = async (kind: string, ordinal: number): Promise<ServiceWish> => {
    const port = await anyFreePort();
    const way = wish.wired === true ? await wiresOf(kind, ordinal, ground) : straight(ground);
    links.push(...way.links);
    if (kind === 'API') addresses.push(localAddress('127.0.0.1', port));
    const { databaseUrl, temporalAddress } = way;
    return {
      ...{ checkout: resolve(__dirname, '..', '..'), logFolder: join(folder, 'logs') },
      ...{ databaseUrl, temporalAddress, settings: { ...wish.settings } },
      ...{ jwtSecret, host: '127.0.0.1', port, dataFolder: folder, ordinal },
    };
  };
  const parts = new Map<string, Part>();
  const add = (part: Part) => parts.set(part.name, part);
  add(ground.postgres);
  if (ground.temporal !== undefined) add(ground.temporal);
  for (let n = 1; n <= (wish.workers ?? 1); n += 1) {
    add(partOf(workerProgram(await serviceWish('worker', n)), held));
  }
  for (let n = 1; n <= (wish.apis ?? 1); n += 1) {
    add(partOf(apiProgram(await serviceWish('API', n)), held));
  }
  const others: Part[] = [];
  const ready = () => allReady(addresses, parts);
  return {
    ...{ folder, parts, addresses, links, ready },
    ...{ database: ground.database, temporalAddress: ground.temporalAddress },
    ...{ engineStore: ground.engineStore, uiAddress: ground.uiAddress },
    loseStores: async () => {
      await loseStores(folder, ground, parts);
      add(await ground.newPostgres());
    },
    add: async (name, file, settings) => {
      const service = { ...(await serviceWish(name, 1)), settings };
      others.push(partOf(serviceProgram(name, file, service), held));
      return lastOf(others);
    },
    start: async () => {
      for (const part of parts.values()) await part.start();
      await ready();
    },
    close: () => endAll([...parts.values(), ...others], links, folder),
  };
}

function lastOf(parts: readonly Part[]): Part {
  const last = parts.at(-1);
  if (last === undefined) throw new Error('Nothing was added.');
  return last;
}

async function loseStores(
  folder: string,
  { engineStore }: Ground,
  parts: Iterable<[string, Part]>,
) {
  if (engineStore === undefined) throw new Error('The engine is not ours: its store stays.');
  for (const [, part] of parts) await part.kill();
  removeCluster(clusterIn(folder));
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${engineStore}${suffix}`, { force: true });
}

async function endAll(parts: readonly Part[], links: readonly Link[], folder: string) {
  for (const part of [...parts].reverse()) await part.stop();
  await Promise.all(links.map((link) => link.close()));
  await removeScratch(folder);
}

function straight({ database, temporalAddress }: Ground) {
  return { databaseUrl: database.url, temporalAddress, links: [] };
}

/** One wire to each store for this process alone, so that one of several can be cut off. */
async function wiresOf(kind: string, ordinal: number, ground: Ground) {
  const name = ordinal === 1 ? kind : `${kind} ${ordinal}`;
  const enginePort = Number(ground.temporalAddress.split(':').at(-1));
  const toDatabase = await openLink(`${name} to PostgreSQL`, ground.postgresPort);
  const toEngine = await openLink(`${name} to Temporal`, enginePort);
  const databaseUrl = new URL(ground.database.url);
  databaseUrl.port = String(toDatabase.port);
  return {
    databaseUrl: databaseUrl.toString(),
    temporalAddress: `127.0.0.1:${toEngine.port}`,
    links: [toDatabase, toEngine],
  };
}

async function allReady(addresses: readonly string[], parts: ReadonlyMap<string, Part>) {
  await Promise.all(addresses.map((address) => answersReady(address, parts)));
}

async function answersReady(address: string, parts: ReadonlyMap<string, Part>): Promise<void> {
  const probe = async () => {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.status === 200;
  };
  await until(probe, {
    what: `${address}/health/ready`,
    withinMs: 120_000,
    everyMs: 100,
    hopeless: () =>
      [...parts.values()].map((part) => part.hopeless()).find((reason) => reason !== undefined),
  });
}

const word = () => randomBytes(24).toString('base64url');
