/** Which installation operations work on: the one of the environment, or the one that `npm start` runs here. */
import { resolve } from 'node:path';
import type { Config } from '../../config';
import { openEngine, within, type Engine } from '../../engine/client';
import { createKernel } from '../../engine/kernel';
import { createLives, type Lives } from '../../engine/lives';
import { registerSearchAttributes } from '../../engine/search-attributes';
import { createLog } from '../../log';
import { openStore } from '../../models/attachments/open';
import type { AttachmentStore } from '../../models/attachments/store';
import { openDatabase, type Database } from '../../models/database';
import { processes } from '../../workflows/registry';
import { messageOf } from '../stack/failure';
import { embeddedUrl, portOf } from './embedded-url';

export interface Installation {
  readonly database: Database;
  readonly engine: Engine;
  readonly lives: Lives;
  readonly store: AttachmentStore;
  readonly kernel: ReturnType<typeof createKernel>;
  /** host:port of Temporal. */
  readonly address: string;
  close(): Promise<void>;
}

/** Large tables are read to their end here, which no caller of the service waits for. */
const statementTimeoutMs = 60_000;
const connections = 12;
const askMs = 3_000;

/** Connects to PostgreSQL; to Temporal only when it is asked something. Throws with what does not answer. */
export async function openInstallation(config: Config): Promise<Installation> {
  const { url, address } = placesOf(config);
  const database = await openDatabase({
    url,
    poolMax: connections,
    applicationName: 'holdfast-ops',
    statementTimeoutMs,
  }).catch((error: unknown) => {
    throw new Error(`PostgreSQL at ${new URL(url).host} cannot be used: ${messageOf(error)}`);
  });
  const { namespace, taskQueue } = config.temporal;
  const engine = openEngine({ address, namespace, taskQueue });
  const kernel = createKernel(processes, createLog('ops', 'error'));
  return {
    ...{ database, engine, kernel, address },
    store: await openStore(config.attachments),
    lives: createLives({ engine, database, kernel }),
    close: async () => {
      await engine.close();
      await database.close();
    },
  };
}

/** Makes sure that the engine answers and knows the keywords of lives: a new store knows none. */
export async function requireEngine({ engine, address }: Installation): Promise<void> {
  try {
    await within(engine, askMs, () => registerSearchAttributes(engine));
  } catch (error) {
    throw new Error(`Temporal at ${address} does not answer: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Addresses of the environment; what it leaves out is looked up in the data folder. */
function placesOf({ database, temporal, dataDir }: Config): {
  url: string;
  address: string;
} {
  return {
    url: database.url ?? embeddedUrl(dataDir, 'holdfast_app'),
    address: temporal.address ?? `127.0.0.1:${portOf(resolve(dataDir), 'Temporal')}`,
  };
}
