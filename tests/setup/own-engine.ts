/** A Temporal server of one test file's own, to be killed, stopped, started again, and to lose its store. */
import { Connection } from '@temporalio/client';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Part, partOf } from '../../scripts/rig/part';
import { removeScratch, scratchOf } from '../../scripts/rig/scratch';
import { anyFreePort } from '../../scripts/stack/ports';
import { temporalProgram } from '../../scripts/stack/temporal';
import { until } from '../../scripts/stack/wait';
import { testStack } from './stack';

export interface OwnEngine extends Pick<Part, 'kill' | 'freeze' | 'wake'> {
  /** host:port, the same for every start. */
  readonly address: string;
  /** Returns when it serves. */
  readonly start: () => Promise<void>;
  /** What was kept is gone; only while it is dead. */
  readonly loseStore: () => void;
  /** Ends it and removes everything. */
  readonly close: () => Promise<void>;
}

/**
 * A place for a server, with more dynamic configuration if need be; nothing runs before `start`. What a
 * killed test run leaves, the next one ends.
 */
export async function ownEngine(
  dynamic: Readonly<Record<string, unknown>> = {},
): Promise<OwnEngine> {
  const { folder, held } = scratchOf('test');
  const port = await anyFreePort();
  const address = `127.0.0.1:${port}`;
  const store = join(folder, 'temporal', 'temporal.db');
  const part = partOf(
    temporalProgram({
      cli: testStack().temporalCliPath,
      port,
      store,
      namespace: 'default',
      logFile: join(folder, 'logs', 'temporal.log'),
      ephemeral: true,
      dynamic,
    }),
    held,
  );
  return {
    ...part,
    address,
    start: async () => {
      await part.start();
      const patience = { what: 'Temporal', withinMs: 30_000, hopeless: part.hopeless };
      await until(() => hasNamespace(address), patience);
    },
    loseStore: () => {
      rmSync(dirname(store), { recursive: true, force: true });
      mkdirSync(dirname(store));
    },
    close: async () => {
      await part.kill();
      await removeScratch(folder);
    },
  };
}

/** Whether a server has made its namespace, without which it serves nobody. */
export async function hasNamespace(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '1s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } finally {
    await connection.close();
  }
}
