/** Runs `npm run ops` on a world, as a process of its own. */
import { spawn } from 'node:child_process';
import { surroundings } from '../../scripts/stack/environment';
import type { World } from '../harness';

export function runOps(
  world: World,
  ...args: string[]
): Promise<{ code: number | null; said: string }> {
  const env = surroundings({
    DATABASE_URL: world.databaseUrl,
    DATABASE_OPERATOR_URL: world.operatorUrl,
    TEMPORAL_ADDRESS: world.temporalAddress,
    TEMPORAL_TASK_QUEUE: world.taskQueue,
  });
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/ops.ts', ...args], { env });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });
}
