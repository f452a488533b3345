/** `npm run replay`: drives a foreign audit log through the public API and compares what comes out. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { basename, resolve } from 'node:path';
import { hashPassword } from '../api/auth/password';
import { readConfig, type Config } from '../config';
import { openDatabase } from '../models/database';
import { foundOrganization, type Blueprint } from '../models/organizations/found';
import { measureStack } from './replay/afterwards';
import { readArguments, type Wish } from './replay/arguments';
import { blueprintOf, matrixOf, sizeOf } from './replay/blueprint';
import { castOf, type Cast } from './replay/cast';
import { openDoor } from './replay/door';
import { openJournal } from './replay/journal';
import { firstTickets, type LogRow } from './replay/log-row';
import { progressBar } from './replay/progress-bar';
import { reportOf, underHead } from './replay/report';
import { replay } from './replay/run';
import { givenStage, keptStage, ownStage, type Stage } from './replay/stage';
import { endsAsTheLog, judge } from './replay/verdict';
import { messageOf } from './stack/failure';
import { loadSecrets } from './stack/secrets';

const say = (line: string) => {
  console.log(line);
};

/** What is to be told: the log as a text and as rows. */
interface Log {
  readonly text: string;
  readonly rows: readonly LogRow[];
}

void main();

async function main(): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    const wish = readArguments(process.argv.slice(2));
    const text = readFileSync(wish.log, 'utf8');
    const rows = firstTickets(wish.format.read(text), wish.limit);
    if (rows.length === 0) throw new Error('The log has no rows.');
    process.exitCode = (await onStage(wish, { text, rows }, readConfig())) ? 0 : 1;
  } catch (error) {
    console.error(messageOf(error));
    // Requests that are still being repeated must not hold the process.
    process.exit(1);
  }
}

/** True when every ticket ends where the log ends. */
async function onStage(wish: Wish, log: Log, config: Config): Promise<boolean> {
  let stage = await stageFor(wish, config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stage.close().finally(() => process.exit(1)));
  }
  try {
    const cast = castOf(wish.format.organization);
    const password = passwordFor(wish, config);
    const { report, isAsTheLog } = await perform(wish, log, stage, { cast, password });
    publish(wish, report);
    if (wish.resume !== undefined && wish.isMeasured) {
      const folder = resolve(wish.resume);
      const { path } = wish.format.telling;
      const measuring = { folder, stage, cast, password, path, say };
      const measured = await measureStack(measuring, (restarted) => (stage = restarted));
      publish(wish, `${report}\n${measured}`);
    }
    return isAsTheLog;
  } finally {
    await stage.close();
  }
}

async function stageFor({ url, resume }: Wish, { database }: Config): Promise<Stage> {
  if (url === undefined && database.url === undefined) {
    say('Starting a stack of its own for the replay');
    return resume === undefined ? ownStage(say) : keptStage(resume, say);
  }
  if (url !== undefined && database.url !== undefined) return givenStage(url, database.url);
  throw new Error(
    'For a running Holdfast give both: --url and DATABASE_URL; for an own one neither.',
  );
}

/** A later run must sign in where an earlier one founded the organization. */
function passwordFor({ resume }: Wish, { demo }: Config): string {
  const kept = resume === undefined ? undefined : loadSecrets(resolve(resume)).demoPassword;
  return demo.password ?? kept ?? randomBytes(18).toString('base64url');
}

interface Signing {
  readonly cast: Cast;
  readonly password: string;
}

async function perform(wish: Wish, log: Log, stage: Stage, { cast, password }: Signing) {
  const { rows } = log;
  const blueprint = await found(rows, cast, stage, password);
  const { telling } = wish.format;
  const play = { door: openDoor(stage.url, password), cast, matrix: matrixOf(rows), telling };
  const loadBefore = loadavg()[0] ?? 0;
  const startedAt = new Date().toISOString();
  const onRow = progressBar(rows.length, process.stdout.isTTY, (text) =>
    process.stdout.write(text),
  );
  const journal = wish.resume === undefined ? undefined : openJournal(wish.resume, log.text);
  const replayed = await replay(rows, { play, concurrency: wish.concurrency, journal, onRow });
  const loadAfter = loadavg()[0] ?? 0;
  say('Reading every ticket and its feed back');
  const verdicts = await judge(rows, replayed, play);
  const circumstances = [
    `Log: \`${basename(wish.log)}\`, ${rows.length} rows${wish.limit === undefined ? '' : `, the first ${wish.limit} tickets`}; begun ${startedAt}.`,
    machine(stage),
    `Load of the machine (1 min): ${loadBefore.toFixed(2)} before, ${loadAfter.toFixed(2)} at the end.`,
    `Rows under way at once: ${wish.concurrency}.`,
    `Organization: ${sizes(blueprint)}.`,
  ];
  const { figures } = play.door;
  const report = reportOf({
    circumstances,
    rows: rows.length,
    ...replayed,
    verdicts,
    figures,
    telling,
  });
  return { report, isAsTheLog: verdicts.every(endsAsTheLog) };
}

async function found(
  rows: readonly LogRow[],
  cast: Cast,
  stage: Stage,
  password: string,
): Promise<Blueprint> {
  const unknown = randomBytes(32).toString('base64url');
  const hashes = { known: await hashPassword(password), unknown: await hashPassword(unknown) };
  const blueprint = blueprintOf(rows, cast, hashes);
  const database = await openDatabase({
    url: stage.databaseUrl,
    poolMax: 2,
    applicationName: 'holdfast-replay',
    statementTimeoutMs: 30_000,
  });
  try {
    await foundOrganization(database, blueprint);
  } finally {
    await database.close();
  }
  return blueprint;
}

function machine({ isOwn }: Stage): string {
  const stack = isOwn ? 'a stack of its own on the same machine' : 'a stack that ran already';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Machine: ${cpus().length} cores, ${memory} GiB, Node ${process.version}; ${stack}.`;
}

function sizes(blueprint: Blueprint): string {
  const { people, teams, services, categories } = sizeOf(blueprint);
  return `${people} people, ${teams} teams, ${services} services, ${categories} categories`;
}

function publish({ report: path }: Wish, report: string): void {
  if (path === undefined) {
    say(report);
    return;
  }
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  writeFileSync(path, underHead(present, report));
  say(`The report is in ${path}`);
}
