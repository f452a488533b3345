/** `npm start`: everything that Holdfast needs, from a fresh clone to a working address. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, ConfigError, readConfig } from '../config';
import { localAddress } from './stack/address';
import { closeOnSignal } from './stack/closing';
import { type Launch, openDatabase, openEngine, portWishes } from './stack/embedded';
import { messageOf } from './stack/failure';
import { choosePorts } from './stack/ports';
import { type Say, seconds, timed } from './stack/progress';
import { claim } from './stack/run-file';
import { loadSecrets } from './stack/secrets';
import { apiProgram, type ServiceWish, workerProgram } from './stack/service';
import { endOrphans, openStack } from './stack/stack';
import { until } from './stack/wait';

const say: Say = (line) => {
  console.log(line);
};

interface Running {
  /** Of the API. */
  readonly address: string;
  /** As the application role. */
  readonly databaseUrl: string;
  readonly jwtSecret: string;
}

void main();

async function main(): Promise<void> {
  // A terminal that is gone must not keep us from closing in order.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    const config = readConfig();
    refuseHalfConfigured(config);
    await open(config);
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}

/** A database of one's own is shared with others, who must sign with the same secret. */
function refuseHalfConfigured({ database, auth }: Config): void {
  if (database.url === undefined || auth.secret !== undefined) return;
  throw new ConfigError(
    'DATABASE_URL is set, so JWT_SECRET must be set too (32 characters or more).',
  );
}

async function open(config: Config): Promise<void> {
  const since = performance.now();
  const dataFolder = resolve(config.dataDir);
  const held = claim(dataFolder);
  const stack = openStack(held, say);
  closeOnSignal(stack, { say, release: held.release });
  try {
    if (held.leftBehind.size > 0) {
      await timed(say, 'What an earlier start left behind was ended', () => endOrphans(held));
    }
    const secrets = loadSecrets(dataFolder);
    const portOf = await choosePorts(portWishes(config), say);
    const launch: Launch = { config, dataFolder, secrets, portOf, stack, say };
    const running = await startAll(launch);
    held.announce(running.address);
    await loadDemoPeople(launch, running);
    welcome(launch, running);
    await tellSetupToken(running);
    say(`Holdfast is ready (${seconds(performance.now() - since)})`);
  } catch (error) {
    // Asked to close while starting: then that is what happens, and no failure.
    if (stack.closing.aborted) return;
    await stack.close();
    held.release();
    throw new Error(`Holdfast did not start. ${messageOf(error)}`, { cause: error });
  }
}

/** Database and engine side by side, then worker and API; resolves once they are ready. */
async function startAll(launch: Launch): Promise<Running> {
  const { config, stack } = launch;
  const [databaseUrl, temporalAddress] = await Promise.all([
    openDatabase(launch),
    openEngine(launch),
  ]);
  const wish: ServiceWish = {
    checkout: resolve(__dirname, '..'),
    logFolder: join(launch.dataFolder, 'logs'),
    databaseUrl,
    temporalAddress,
    jwtSecret: config.auth.secret ?? launch.secrets.jwtSecret,
    host: config.api.host,
    port: launch.portOf('api'),
    metricsPorts: { API: launch.portOf('apiMetrics'), worker: launch.portOf('workerMetrics') },
    dataFolder: launch.dataFolder,
  };
  const address = localAddress(wish.host, wish.port);
  await timed(say, 'Worker and API are ready', async () => {
    const kept = await Promise.all([stack.run(workerProgram(wish)), stack.run(apiProgram(wish))]);
    await until(() => isReady(address), {
      what: `Worker and API (${address}/health/ready)`,
      withinMs: 120_000,
      everyMs: 100,
      hopeless: () => kept.map((one) => one.hopeless()).find((reason) => reason !== undefined),
    });
  });
  return { address, databaseUrl, jwtSecret: wish.jwtSecret };
}

async function isReady(address: string): Promise<boolean> {
  const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5000) });
  await response.body?.cancel();
  return response.status === 200;
}

async function loadDemoPeople(launch: Launch, { address, databaseUrl }: Running): Promise<void> {
  if (!launch.config.demo.enabled) return;
  // Loaded only when wanted: it brings the whole of the domain with it.
  const { loadDemo } = await import('./demo.js');
  await timed(say, 'Demo data is in place', () =>
    loadDemo({ apiUrl: address, databaseUrl, password: demoPassword(launch), log: say }),
  );
}

function welcome(launch: Launch, { address }: Running): void {
  const { config, portOf } = launch;
  say('');
  say(`  API               ${address}`);
  say(`  Swagger UI        ${address}/api/docs`);
  if (config.temporal.address === undefined) {
    say(`  Temporal Web UI   ${localAddress('127.0.0.1', portOf('ui'))}`);
  }
  for (const of of ['apiMetrics', 'workerMetrics'] as const) {
    say(`  Metrics           ${localAddress(config.metrics.host, portOf(of))}/metrics`);
  }
  say(`  Logs              ${join(config.dataDir, 'logs')}`);
  if (config.demo.enabled) {
    say('');
    for (const slug of ['acme', 'globex']) say(`  Sign in as        ${demoLogins(slug)}`);
    say(`  Password          ${demoPassword(launch)}`);
  }
  say('');
}

/** The same that each API process prints; nothing once there is an organization. */
async function tellSetupToken({ address, databaseUrl, jwtSecret }: Running): Promise<void> {
  const { openDatabase: connect } = await import('../models/database.js');
  const database = await connect({
    ...{ url: databaseUrl, poolMax: 1, applicationName: 'holdfast-start' },
    statementTimeoutMs: 5_000,
  });
  try {
    const { setupTokenFor } = await import('../models/organizations/setup-token.js');
    const token = await setupTokenFor(database, jwtSecret);
    if (token === undefined) return;
    say(`  There is no organization yet. Make the first one: POST ${address}/api/v1/setup`);
    say(`  Setup token       ${token}`);
    say('');
  } finally {
    await database.close();
  }
}

const demoLogins = (slug: string) =>
  ['admin', 'manager', 'agent', 'user'].map((name) => `${name}@${slug}.example`).join('  ');

const demoPassword = ({ config, secrets }: Launch) => config.demo.password ?? secrets.demoPassword;
