/**
 * `npm run cluster`: the topology of docker-compose.yml without containers. Several API processes and
 * workers work on one PostgreSQL and one engine, in a scratch folder that goes away afterwards.
 */
import { randomBytes } from 'node:crypto';
import { readArguments, type Wish } from './cluster/arguments';
import { findingsOf, phaseRows, sentencesOf, type Trial } from './cluster/report';
import { tryCluster } from './cluster/trial';
import { print, printTable } from './ops/print';
import { openDesk, type Desk } from './rig/desk';
import { openRig, type Rig } from './rig/rig';
import { messageOf } from './stack/failure';
import { timed, type Say } from './stack/progress';

const say: Say = (line) => {
  print(line);
};

/** For a trial: small enough to be used up in seconds, far above what a client of its load needs. */
const quota = 1_500;
const people = { agents: 8, requesters: 8 };

void main();

async function main(): Promise<void> {
  try {
    process.exitCode = (await perform(readArguments(process.argv.slice(2)))) ? 0 : 1;
  } catch (error) {
    console.error(messageOf(error));
    // Requests that are still being repeated must not hold the process.
    process.exit(1);
  }
}

/** True when nothing was found. */
async function perform(wish: Wish): Promise<boolean> {
  const settings = settingsFor(wish);
  const { apis, workers, temporalAddress } = wish;
  const opening = timed(say, `${apis} API and ${workers} worker processes are ready`, () =>
    openRig({
      ...{ kind: 'cluster', apis, workers, settings, say },
      ...(temporalAddress === undefined ? {} : { temporalAddress }),
    }),
  );
  closeOnSignal(opening);
  const rig = await opening;
  try {
    const desk = await openDesk(rig.database.url, { slug: `desk-${word()}`, ...people });
    const isPassed =
      wish.seconds === undefined ||
      tell(await tryCluster({ rig, desk, settings, quota, say }, wish.seconds));
    process.exitCode = isPassed ? 0 : 1;
    if (wish.keep) await stayUp(rig, desk);
    return isPassed;
  } finally {
    await rig.close();
  }
}

/** An engine that others use too must know neither these tickets nor these workers. */
function settingsFor({ seconds }: Wish): Record<string, string> {
  const queue = { TEMPORAL_TASK_QUEUE: `holdfast-${word()}` };
  return seconds === undefined ? queue : { ...queue, RATE_LIMIT_PER_MINUTE: String(quota) };
}

function word(): string {
  return randomBytes(4).toString('hex');
}

/** In a terminal one Ctrl-C arrives twice, from the terminal and from npm. */
function closeOnSignal(opening: Promise<Rig>): void {
  let isClosing = false;
  const close = async () => {
    const rig = await opening;
    await timed(say, 'The cluster is closed', rig.close);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isClosing) return;
      isClosing = true;
      void close().finally(() => process.exit());
    });
  }
}

/** The report; true when nothing was found. */
function tell(trial: Trial): boolean {
  say('');
  printTable(phaseRows(trial.phases));
  say('');
  for (const sentence of sentencesOf(trial)) say(sentence);
  const findings = findingsOf(trial);
  for (const finding of findings) say(`FOUND ${finding}`);
  say(findings.length === 0 ? 'Nothing was found.' : `Findings: ${findings.length}`);
  return findings.length === 0;
}

/** Prints the addresses and waits; only a signal ends it. */
function stayUp({ addresses, uiAddress, temporalAddress, folder }: Rig, desk: Desk) {
  say('');
  for (const address of addresses) say(`  API               ${address}`);
  for (const address of addresses) say(`  Swagger UI        ${address}/api/docs`);
  say(`  Temporal          ${temporalAddress}`);
  if (uiAddress !== undefined) say(`  Temporal Web UI   ${uiAddress}`);
  say(`  Logs              ${folder}/logs`);
  say(`  Sign in as        ${desk.manager}  ${desk.agents[0] ?? ''}  ${desk.requesters[0] ?? ''}`);
  say(`  Password          ${desk.password}`);
  say('');
  say('The cluster is up; Ctrl-C ends it and removes everything.');
  return new Promise<never>(() => undefined);
}
