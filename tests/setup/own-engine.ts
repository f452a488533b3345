/** A Temporal server of one test file's own, to be killed, stopped, started again, and to lose its store. */
import { Connection } from '@temporalio/client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { anyFreePort } from '../../scripts/stack/ports';
import { kill, type ProcessIdentity } from '../../scripts/stack/process-identity';
import { lastWords, start } from '../../scripts/stack/program';
import { claim } from '../../scripts/stack/run-file';
import { temporalProgram } from '../../scripts/stack/temporal';
import { until } from '../../scripts/stack/wait';
import { testStack } from './stack';

export interface OwnEngine {
  /** host:port, the same for every start. */
  readonly address: string;
  readonly start: () => Promise<void>;
  /** SIGKILL; returns when it is dead. */
  readonly kill: () => Promise<void>;
  /** It keeps its connections and answers nothing, until `wake`. */
  readonly freeze: () => void;
  readonly wake: () => void;
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
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const held = claim(scratch);
  const port = await anyFreePort();
  const address = `127.0.0.1:${port}`;
  const store = join(scratch, 'temporal', 'temporal.db');
  let running: { identity: ProcessIdentity; ended: Promise<string> } | undefined;

  const engine: OwnEngine = {
    address,
    start: async () => {
      const program = temporalProgram({
        cli: testStack().temporalCliPath,
        port,
        store,
        namespace: 'default',
        logFile: join(scratch, 'logs', 'temporal.log'),
        ephemeral: true,
        dynamic,
      });
      running = await start(program);
      held.note(program.name, running.identity);
      let how: string | undefined;
      void running.ended.then((said) => {
        how = said;
      });
      const hopeless = () => (how === undefined ? undefined : `${how}. ${lastWords(program)}`);
      const patience = { what: 'Temporal', withinMs: 30_000, hopeless };
      await until(() => hasNamespace(address), patience);
    },
    kill: async () => {
      if (!running) return;
      kill(running.identity);
      await running.ended;
      running = undefined;
    },
    freeze: () => running && process.kill(running.identity.pid, 'SIGSTOP'),
    wake: () => running && process.kill(running.identity.pid, 'SIGCONT'),
    loseStore: () => {
      rmSync(dirname(store), { recursive: true, force: true });
    },
    close: async () => {
      await engine.kill();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
  return engine;
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
