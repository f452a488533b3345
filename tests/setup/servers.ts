/** The servers of one test run: PostgreSQL and Temporal of its own, in a folder that goes away. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { payloadConverterPath } from '../../engine/worker';
import { migrate } from '../../models/migrate';
import { provisionDatabase } from '../../models/provision';
import { partOf } from '../../scripts/rig/part';
import { removeAbandoned, scratchOf } from '../../scripts/rig/scratch';
import { anyFreePort } from '../../scripts/stack/ports';
import { postgresAnswers, preparePostgres, type Postgres } from '../../scripts/stack/postgres';
import { type Program } from '../../scripts/stack/program';
import { type Say } from '../../scripts/stack/progress';
import { type Claim } from '../../scripts/stack/run-file';
import { cliSources, findTemporalCli } from '../../scripts/stack/temporal-cli';
import { temporalProgram } from '../../scripts/stack/temporal';
import { until } from '../../scripts/stack/wait';
import { hasNamespace } from './own-engine';
import { templateDatabase, type TestStack } from './stack';

const kind = 'test';
const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Starts everything, on free ports; what a killed run left behind is removed first. */
export async function startServers(): Promise<TestStack> {
  await removeAbandoned(kind);
  const { folder: scratch, held } = scratchOf(kind);
  const [database, engine, bundlePath] = await Promise.all([
    startDatabase(held, scratch),
    startEngine(held, scratch),
    bundle(scratch),
  ]);
  return {
    ...database.passwords,
    adminUrl: database.adminUrl,
    temporalAddress: engine.address,
    temporalCliPath: engine.cli,
    ...(bundlePath === undefined ? {} : { bundlePath }),
    scratch,
    pids: { postgres: database.pid, temporal: engine.pid },
  };
}

async function startDatabase(held: Claim, scratch: string) {
  const postgres = await prepareDatabase(scratch);
  const { pid, hopeless } = await launch(held, postgres.program);
  await postgresAnswers(postgres, hopeless);
  const { adminUrl } = postgres;
  return { adminUrl, passwords: await provisionTemplate(adminUrl), pid };
}

/** A cluster in this folder, on a free port; nothing runs yet. */
export async function prepareDatabase(
  scratch: string,
  { ephemeral = true } = {},
): Promise<Postgres> {
  return preparePostgres({
    folder: join(scratch, 'postgres'),
    logFile: join(scratch, 'logs', 'postgres.log'),
    port: await anyFreePort(),
    superuserPassword: newPassword(),
    ephemeral,
    say: () => undefined,
  });
}

/** Roles, and the database that tests copy; gives the passwords of the roles. */
export async function provisionTemplate(adminUrl: string) {
  const passwords = {
    ownerPassword: newPassword(),
    appPassword: newPassword(),
    operatorPassword: newPassword(),
  };
  const { ownerUrl } = await provisionDatabase(adminUrl, {
    database: templateDatabase,
    ...passwords,
  });
  await migrate(ownerUrl);
  return passwords;
}

const newPassword = () => randomBytes(18).toString('base64url');

async function startEngine(held: Claim, scratch: string) {
  const sources = cliSources({
    asked: readConfig().temporal.cli,
    dataFolder: scratch,
    stop: new AbortController().signal,
  });
  const cli = await findTemporalCli(sources, say);
  const port = await anyFreePort();
  const address = `127.0.0.1:${port}`;
  const program = temporalProgram({
    cli,
    port,
    store: join(scratch, 'temporal', 'temporal.db'),
    namespace: 'default',
    logFile: join(scratch, 'logs', 'temporal.log'),
    ephemeral: true,
  });
  const { pid, hopeless } = await launch(held, program);
  await until(() => hasNamespace(address), { what: 'Temporal', withinMs: 60_000, hopeless });
  return { address, cli, pid };
}

async function launch(held: Claim, program: Program) {
  const part = partOf(program, held);
  await part.start();
  return { pid: part.pid() ?? 0, hopeless: part.hopeless };
}

/** Bundling takes seconds, so it is done once for all test files. */
async function bundle(scratch: string): Promise<string | undefined> {
  const entry = join(__dirname, 'workflows.ts');
  if (!existsSync(entry)) return undefined;
  const { code } = await bundleWorkflowCode({
    workflowsPath: entry,
    payloadConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  const path = join(scratch, 'workflow-bundle.js');
  writeFileSync(path, code);
  return path;
}
