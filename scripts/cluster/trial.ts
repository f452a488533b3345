/** Two of each, one of each, one of each killed: the same load on them all, then the proof. */
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../config';
import { urlOf, withClient } from '../../models/provision';
import { check } from '../ops/check';
import { openInstallation } from '../ops/installation';
import { openDoor } from '../replay/door';
import type { Desk } from '../rig/desk';
import type { Rig } from '../rig/rig';
import type { Say } from '../stack/progress';
import { drive, type Acknowledged } from './load';
import { prove, type Feed } from './proof';
import type { Phase, Trial } from './report';
import { tryKeys, tryLimit } from './shared';

export interface Ground {
  readonly rig: Rig;
  readonly desk: Desk;
  /** By names of config.ts, as the services were given them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Requests a minute of one person. */
  readonly quota: number;
  readonly say: Say;
}

const clients = 8;
const keyRounds = 20;
/** A process that was killed is away for this long. */
const awayMs = 3_000;

/** Drives load for `seconds` in all, a quarter each phase. */
export async function tryCluster(ground: Ground, seconds: number): Promise<Trial> {
  const { rig, desk, quota, say } = ground;
  say('One key, sent to every API at once');
  const keys = await tryKeys(rig.addresses, desk, keyRounds);
  say('One limit over all APIs');
  const limit = await tryLimit(rig.addresses, desk, quota);
  const acknowledged = keys.ticketIds.map((ticketId) => ({
    ...{ ticketId, events: ['opened', 'commented'] },
  }));
  const phases = await loadPhases(ground, seconds / 4, acknowledged);
  const proof = prove(acknowledged, await feedsOf(ground));
  return { keys, limit, phases, proof, isWell: await isWell(ground) };
}

async function loadPhases(
  ground: Ground,
  seconds: number,
  acknowledged: Acknowledged[],
): Promise<Phase[]> {
  const { rig, say } = ground;
  const [lastApi, lastWorker] = [lastOf(rig, 'API'), lastOf(rig, 'worker')];
  const run = async (name: string, addresses: readonly string[], meanwhile = nothing) => {
    say(`Load on ${name}`);
    const [phase] = await Promise.all([
      phaseOf(ground, { name, addresses, seconds }, acknowledged),
      meanwhile(),
    ]);
    return phase;
  };
  const killed = (part: string) => async () => {
    await pause((seconds * 1000) / 3);
    await partOf(rig, part).kill();
    await pause(awayMs);
    await partOf(rig, part).start();
  };
  const all = await run('all', rig.addresses);
  const others = [...rig.parts.values()].filter(({ name }) => /^(API|worker) \d/.test(name));
  for (const part of others) await part.stop();
  const one = await run('one API, one worker', rig.addresses.slice(0, 1));
  await rig.start();
  const api = await run(`all, ${lastApi} killed`, rig.addresses, killed(lastApi));
  await rig.start();
  const worker = await run(`all, ${lastWorker} killed`, rig.addresses, killed(lastWorker));
  await rig.start();
  return [all, one, api, worker];
}

const nothing = () => Promise.resolve();

interface Stretch {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly seconds: number;
}

async function phaseOf(
  { desk }: Ground,
  { name, addresses, seconds }: Stretch,
  acknowledged: Acknowledged[],
): Promise<Phase> {
  const door = openDoor(addresses, desk.password);
  // Signing in is slow on purpose; it is no part of the figures.
  const people = [...desk.agents, ...desk.requesters].map((email) => door.read(email, '/me'));
  await Promise.all(people);
  const driven = await drive({ door, desk, clients, seconds });
  acknowledged.push(...driven.tickets);
  return {
    name,
    seconds: driven.seconds,
    latencies: [...door.figures.latencies.values()].flat(),
    repeats: door.figures.repeats.sorted(),
    notApplied: driven.notApplied,
  };
}

function lastOf({ parts }: Rig, kind: 'API' | 'worker'): string {
  const names = [...parts.keys()].filter((name) => name.startsWith(kind));
  return names.at(-1) ?? kind;
}

function partOf({ parts }: Rig, name: string) {
  const part = parts.get(name);
  if (part === undefined) throw new Error(`There is no ${name}.`);
  return part;
}

/** Of every ticket of the desk, past all walls. */
function feedsOf({ rig, desk }: Ground): Promise<Feed[]> {
  return withClient(urlOf(rig.database.adminUrl, 'holdfast'), async (client) => {
    const { rows } = await client.query<Feed>(
      `select ticket_id as "ticketId", max(version) as "lastVersion",
              array_agg(type order by version) as types
         from ticket_events where organization_id = $1 group by ticket_id`,
      [desk.organizationId],
    );
    return rows;
  });
}

async function isWell({ rig, settings }: Ground): Promise<boolean> {
  const installation = await openInstallation(
    readConfig({
      ...settings,
      ...{ DATABASE_URL: rig.database.url, TEMPORAL_ADDRESS: rig.temporalAddress },
    }),
  );
  try {
    return await check(installation);
  } finally {
    await installation.close();
  }
}
