/** Database and engine of an installation: embedded ones, or those that the environment names. */
import { join } from 'node:path';
import { type Config } from '../../config';
import { migrate } from '../../models/migrate';
import { provisionDatabase } from '../../models/provision';
import { type PortWish } from './ports';
import { postgresAnswers, preparePostgres } from './postgres';
import { type Say, timed } from './progress';
import { type Secrets } from './secrets';
import { type Stack } from './stack';
import { cliSources, findTemporalCli } from './temporal-cli';
import { temporalListens, temporalProgram } from './temporal';

export interface Launch {
  readonly config: Config;
  /** DATA_DIR as an absolute path. */
  readonly dataFolder: string;
  readonly secrets: Secrets;
  readonly portOf: (part: Part) => number;
  readonly stack: Stack;
  readonly say: Say;
}

const usualMetricsPort = 9464;

export type Part = 'api' | 'apiMetrics' | 'workerMetrics' | 'postgres' | 'temporal' | 'ui';

/** The ports that this installation needs; what is not embedded needs none. */
export function portWishes({
  api,
  metrics,
  postgres,
  temporal,
  database,
}: Config): Map<Part, PortWish> {
  const wishes = new Map<Part, PortWish>([
    ['api', { of: 'API', variable: 'PORT', asked: api.port, usual: 3000, host: api.host }],
    ...metricsWishes(metrics),
  ]);
  if (database.url === undefined) {
    const asked = postgres.port;
    wishes.set('postgres', { of: 'PostgreSQL', variable: 'POSTGRES_PORT', asked, usual: 5433 });
  }
  if (temporal.address === undefined) {
    const { port, uiPort } = temporal;
    wishes.set('temporal', { of: 'Temporal', variable: 'TEMPORAL_PORT', asked: port, usual: 7233 });
    wishes.set('ui', {
      of: 'Temporal Web UI',
      variable: 'TEMPORAL_UI_PORT',
      asked: uiPort,
      usual: 8233,
    });
  }
  return wishes;
}

/** The API's metrics at METRICS_PORT, the worker's at the next free one. */
function metricsWishes({ host, port: asked }: Config['metrics']): [Part, PortWish][] {
  const variable = 'METRICS_PORT';
  const first = asked ?? usualMetricsPort;
  return [
    ['apiMetrics', { of: 'Metrics of the API', variable, asked, usual: first, host }],
    [
      'workerMetrics',
      { of: 'Metrics of the worker', variable, asked: undefined, usual: first + 1, host },
    ],
  ];
}

/** A database with its present tables; resolves with the address for the application role. */
export async function openDatabase(launch: Launch): Promise<string> {
  const { config, say } = launch;
  if (config.database.url === undefined) return openEmbeddedDatabase(launch);
  const { ownerUrl } = config.database;
  if (ownerUrl === undefined) say('Migrations are not run: DATABASE_OWNER_URL is not set');
  else await bringUpToDate(ownerUrl, say);
  return config.database.url;
}

async function openEmbeddedDatabase(launch: Launch): Promise<string> {
  const { dataFolder, secrets, portOf, stack, say } = launch;
  const postgres = await preparePostgres({
    folder: join(dataFolder, 'postgres'),
    logFile: join(dataFolder, 'logs', 'postgres.log'),
    port: portOf('postgres'),
    superuserPassword: secrets.superuserPassword,
    say,
  });
  await timed(say, `PostgreSQL answers on 127.0.0.1:${portOf('postgres')}`, async () => {
    const kept = await stack.run(postgres.program);
    await postgresAnswers(postgres, kept.hopeless);
  });
  const { ownerUrl, appUrl } = await timed(say, 'Roles and database are in place', () =>
    provisionDatabase(postgres.adminUrl, { database: 'holdfast', ...secrets }),
  );
  await bringUpToDate(ownerUrl, say);
  return appUrl;
}

async function bringUpToDate(ownerUrl: string, say: Say): Promise<void> {
  const line = (ran: string[]) =>
    ran.length === 0 ? 'The tables are up to date' : `Migrations ran: ${ran.join(', ')}`;
  await timed(say, line, () => migrate(ownerUrl));
}

/** An engine that takes connections; resolves with its address. */
export async function openEngine(launch: Launch): Promise<string> {
  const { config, dataFolder, portOf, stack, say } = launch;
  const { address, namespace, cli: asked } = config.temporal;
  if (address !== undefined) return address;
  const sources = cliSources({ asked, dataFolder, stop: stack.closing });
  const program = temporalProgram({
    cli: await findTemporalCli(sources, say),
    port: portOf('temporal'),
    uiPort: portOf('ui'),
    store: join(dataFolder, 'temporal', 'temporal.db'),
    logFile: join(dataFolder, 'logs', 'temporal.log'),
    namespace,
  });
  const here = `127.0.0.1:${portOf('temporal')}`;
  await timed(say, `Temporal listens on ${here}`, async () => {
    const kept = await stack.run(program);
    await temporalListens(portOf('temporal'), kept.hopeless);
  });
  return here;
}
