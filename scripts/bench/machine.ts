/** Where and when the figures were measured. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { z } from 'zod';
import { openEngine } from '../../engine/client';
import type { Rows } from './rows';

export type Circumstances = Awaited<ReturnType<typeof circumstances>>;

export async function circumstances(rows: Rows, temporalAddress: string) {
  return {
    at: new Date().toISOString(),
    commit: commit(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres: await postgresVersion(rows),
    temporal: await temporalVersion(temporalAddress),
    /** Over the minute before the bench; what is above 0 belonged to others. */
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** What the checkout is; undefined without git. */
function commit(): string | undefined {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: __dirname,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

async function postgresVersion(rows: Rows): Promise<string> {
  const [row] = await rows.query('show server_version');
  return z.object({ server_version: z.string() }).parse(row).server_version;
}

async function temporalVersion(address: string): Promise<string> {
  const engine = openEngine({ address, namespace: 'default', taskQueue: 'none' });
  const { serverVersion } = await engine.connection.workflowService.getSystemInfo({});
  await engine.close();
  return serverVersion;
}
