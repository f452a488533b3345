/** What a worker process counts, and its page, which takes in that of Temporal's SDK. */
import type { Witness } from '../activities/tickets/witness';
import type { Readiness } from '../engine/health';
import type { Tally } from '../engine/tally';
import type { Logger } from '../log';
import type { Database } from '../models/database';
import type { Process } from '../models/tickets/rules';
import { gaugePool, gaugeReadiness } from './gauges';
import type { Pages } from './listener';
import { failureCounter, loopTally } from './loops';
import { createRegistry } from './registry';
import { stepWitness } from './steps';

export interface WorkerSources {
  readonly database: Pick<Database, 'poolUse'>;
  readonly processes: readonly Process[];
  readonly sdkPage: () => Promise<string>;
  readonly log: Logger;
}

export interface WorkerMeters {
  readonly step: Witness;
  readonly tally: Tally;
  readonly ruleFailed: () => void;
  /** What its listener serves, once it can be asked whether it is ready. */
  readonly pages: (readiness: () => Promise<Readiness>) => Pages;
}

export function workerMeters(sources: WorkerSources): WorkerMeters {
  const registry = createRegistry();
  gaugePool(registry, sources.database);
  return {
    step: stepWitness(registry, sources.processes),
    tally: loopTally(registry),
    ruleFailed: failureCounter(registry),
    pages: (readiness) => {
      gaugeReadiness(registry, readiness);
      const metrics = async () => {
        const [own, sdk] = await Promise.all([registry.metrics(), quietly(sources)]);
        return `${own}\n${sdk}`;
      };
      return { metrics, readiness };
    },
  };
}

/** Without the SDK's part the page still tells the rest. */
function quietly({ sdkPage, log }: WorkerSources): Promise<string> {
  return sdkPage().catch((error: unknown) => {
    log.warn({ err: error }, 'the SDK gave no metrics');
    return '';
  });
}
