/** `npm run replay`: drives a foreign audit log through the public API and compares what comes out. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { basename } from 'node:path';
import { hashPassword } from '../api/auth/password';
import { readConfig, type Config } from '../config';
import { openDatabase } from '../models/database';
import { foundOrganization, type Blueprint } from '../models/organizations/found';
import { readArguments, type Wish } from './replay/arguments';
import { blueprintOf, directory, matrixOf, sizeOf } from './replay/blueprint';
import { openDoor } from './replay/door';
import { firstTickets, readLog, type LogRow } from './replay/log-row';
import { progressBar } from './replay/progress-bar';
import { reportOf, underHead } from './replay/report';
import { replay } from './replay/run';
import { givenStage, ownStage, type Stage } from './replay/stage';
import { endsAsTheLog, judge } from './replay/verdict';
import { messageOf } from './stack/failure';

const say = (line: string) => {
  console.log(line);
};

void main();

async function main(): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    const wish = readArguments(process.argv.slice(2));
    const rows = firstTickets(readLog(readFileSync(wish.log, 'utf8')), wish.limit);
    if (rows.length === 0) throw new Error('The log has no rows.');
    process.exitCode = (await onStage(wish, rows, readConfig())) ? 0 : 1;
  } catch (error) {
    console.error(messageOf(error));
    // Requests that are still being repeated must not hold the process.
    process.exit(1);
  }
}

async function onStage(wish: Wish, rows: readonly LogRow[], config: Config): Promise<boolean> {
  const stage = await stageFor(wish, config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stage.close().finally(() => process.exit(1)));
  }
  try {
    return await perform(wish, rows, stage, config.demo.password);
  } finally {
    await stage.close();
  }
}

async function stageFor({ url }: Wish, { database }: Config): Promise<Stage> {
  if (url === undefined && database.url === undefined) {
    say('Starting a stack of its own for the replay');
    return ownStage(say);
  }
  if (url !== undefined && database.url !== undefined) return givenStage(url, database.url);
  throw new Error(
    'For a running Holdfast give both: --url and DATABASE_URL; for an own one neither.',
  );
}

/** True when every ticket ends where the log ends. */
async function perform(
  wish: Wish,
  rows: readonly LogRow[],
  stage: Stage,
  asked: string | undefined,
): Promise<boolean> {
  const password = asked ?? randomBytes(18).toString('base64url');
  const blueprint = await found(rows, stage, password);
  const door = openDoor(stage.url, password);
  const loadBefore = loadavg()[0] ?? 0;
  const startedAt = new Date().toISOString();
  const onRow = progressBar(rows.length, process.stdout.isTTY, (text) =>
    process.stdout.write(text),
  );
  const rules = { directory, matrix: matrixOf(rows) };
  const replayed = await replay(rows, { door, rules, concurrency: wish.concurrency, onRow });
  const loadAfter = loadavg()[0] ?? 0;
  say('Reading every ticket and its feed back');
  const verdicts = await judge(rows, replayed.lives, door);
  const circumstances = [
    `Log: \`${basename(wish.log)}\`, ${rows.length} rows${wish.limit === undefined ? '' : `, the first ${wish.limit} tickets`}; begun ${startedAt}.`,
    machine(stage),
    `Load of the machine (1 min): ${loadBefore.toFixed(2)} before, ${loadAfter.toFixed(2)} at the end.`,
    `Rows under way at once: ${wish.concurrency}.`,
    `Organization: ${sizes(blueprint)}.`,
  ];
  const { tales, elapsedMs } = replayed;
  const story = { log: wish.log, circumstances, rows: rows.length, elapsedMs };
  const report = reportOf({ ...story, tales, verdicts, figures: door.figures });
  publish(wish, report);
  return verdicts.every(endsAsTheLog);
}

async function found(rows: readonly LogRow[], stage: Stage, password: string): Promise<Blueprint> {
  const unknown = randomBytes(32).toString('base64url');
  const hashes = { known: await hashPassword(password), unknown: await hashPassword(unknown) };
  const blueprint = blueprintOf(rows, hashes);
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
