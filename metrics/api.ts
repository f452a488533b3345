/** What an API process counts, and its page. */
import type { RequestWitness } from '../api/http/log';
import type { Engine } from '../engine/client';
import type { Readiness } from '../engine/health';
import type { Database } from '../models/database';
import { gaugeInstallation, gaugePool, gaugeReadiness } from './gauges';
import { failureCounter } from './loops';
import { createRegistry } from './registry';
import { requestWitness } from './requests';

export interface ApiMeters {
  readonly answered: RequestWitness;
  readonly ruleFailed: () => void;
  readonly page: () => Promise<string>;
}

/**
 * The figures of the whole installation (outbox, stuck lives) stand here, not with the workers: they are
 * wanted most when no worker runs.
 */
export function apiMeters(
  database: Database,
  engine: Engine,
  readiness: () => Promise<Readiness>,
): ApiMeters {
  const registry = createRegistry();
  gaugePool(registry, database);
  gaugeReadiness(registry, readiness);
  gaugeInstallation(registry, database, engine);
  return {
    answered: requestWitness(registry),
    ruleFailed: failureCounter(registry),
    page: () => registry.metrics(),
  };
}
