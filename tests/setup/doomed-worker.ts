/** Starts a worker that will die in its step (worker-process.ts). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import type { World } from '../harness';

export const Doom = z.object({
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  taskQueue: z.string(),
  bundlePath: z.string(),
  /** Name of the fact after whose commit it dies. */
  diesAfter: z.string(),
});

export interface DoomedWorker {
  /** Resolves when it has died of SIGKILL; throws when it ended otherwise, or not within 20 s. */
  readonly dead: Promise<void>;
  /** Ends it if it has not died; for clean-up. */
  end(): void;
}

const withinMs = 20_000;

/** Resolves when it polls. */
export async function startDoomedWorker(world: World, diesAfter: string): Promise<DoomedWorker> {
  const { databaseUrl, temporalAddress, taskQueue, stack } = world;
  const bundlePath = stack.bundlePath ?? '';
  const doom = { databaseUrl, temporalAddress, taskQueue, bundlePath, diesAfter };
  const program = join(__dirname, 'worker-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(doom)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const death = bounded(
    new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) => {
        if (signal === 'SIGKILL') resolve();
        else reject(new Error(`The doomed worker ended with ${signal ?? code}: ${said}`));
      });
    }),
    () => `The death of the worker after ${diesAfter}. It said: ${said}`,
  );
  const polls = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  await Promise.race([polls, death]);
  return { dead: death, end: () => child.kill('SIGKILL') };
}

function bounded<T>(work: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what()}: not within ${withinMs} ms`));
    }, withinMs);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}
