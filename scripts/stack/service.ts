/** Worker and API as programs: the same files that a cluster runs, with an environment made by us. */
import { join } from 'node:path';
import { surroundings } from './environment';
import { farewellOf } from './farewell';
import { type Program } from './program';

export interface ServiceWish {
  readonly checkout: string;
  readonly logFolder: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly jwtSecret: string;
  readonly host: string;
  readonly port: number;
  /** Absent: each takes a free one. */
  readonly metricsPorts?: { readonly API: number; readonly worker: number };
  readonly dataFolder: string;
  /** Which one of several; the first one is just `worker` or `API`. */
  readonly ordinal?: number;
  /** Further settings of this process, by the names of config.ts. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The worker, as `worker.ts` runs it. */
export function workerProgram(wish: ServiceWish): Program {
  return serviceProgram(nameOf('worker', wish), 'worker.ts', wish);
}

/** The API, as `api/main.ts` runs it. */
export function apiProgram(wish: ServiceWish): Program {
  return { ...serviceProgram(nameOf('API', wish), join('api', 'main.ts'), wish), port: wish.port };
}

/** Short-lived rows and messages die young: with room for them a quarter less time goes to collecting. */
const runtimeFlags = ['--max-semi-space-size=64'];

function nameOf(kind: 'worker' | 'API', { ordinal = 1 }: ServiceWish): string {
  return ordinal === 1 ? kind : `${kind} ${ordinal}`;
}

function metricsPortOf(name: string, { metricsPorts }: ServiceWish): number | undefined {
  return name === 'API' || name === 'worker' ? metricsPorts?.[name] : undefined;
}

/** A file of the checkout as a program with the settings of a service. */
export function serviceProgram(name: string, file: string, wish: ServiceWish): Program {
  return {
    name,
    command: process.execPath,
    args: [...runtimeFlags, '--import', 'tsx', join(wish.checkout, file)],
    folder: wish.checkout,
    env: surroundings({
      DATABASE_URL: wish.databaseUrl,
      // A service never holds the keys to the tables or to organizations, nor the demo password.
      DATABASE_OWNER_URL: '',
      DATABASE_OPERATOR_URL: '',
      DEMO_PASSWORD: '',
      TEMPORAL_ADDRESS: wish.temporalAddress,
      JWT_SECRET: wish.jwtSecret,
      HOST: wish.host,
      PORT: String(wish.port),
      METRICS_PORT: String(metricsPortOf(name, wish) ?? ''),
      DATA_DIR: wish.dataFolder,
      ...wish.settings,
    }),
    logFile: join(wish.logFolder, `${name.toLowerCase().replace(' ', '-')}.log`),
    farewell: farewellOf(name),
  };
}
