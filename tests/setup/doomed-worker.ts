/** Starts a worker that will die in its step (worker-process.ts). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { secret, type World } from '../harness';
import type { Doom } from './doom';

export interface DoomedWorker {
  /** Of its API, which dies with it. */
  readonly url: string;
  /** Resolves when it has died of SIGKILL; throws when it ended otherwise, or not within 40 s. */
  readonly dead: Promise<void>;
  /** Ends it if it has not died; for clean-up. */
  end(): void;
}

const withinMs = 40_000;

/** Resolves when it polls. */
export async function startDoomedWorker(
  world: World,
  diesAfter: string,
  diary?: string,
): Promise<DoomedWorker> {
  const { databaseUrl, temporalAddress, taskQueue, stack } = world;
  const bundlePath = stack.bundlePath ?? '';
  const doom: Doom = {
    databaseUrl,
    temporalAddress,
    taskQueue,
    bundlePath,
    diesAfter,
    secret,
    diary,
  };
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
  const speaks = new Promise<string>((resolve) => {
    child.stdout.once('data', (line: Buffer) => {
      resolve(line.toString().trim());
    });
  });
  const died = death.then(() => Promise.reject(new Error('It died before it polled')));
  died.catch(() => undefined);
  const url = await Promise.race([speaks, died]);
  return { url, dead: death, end: () => child.kill('SIGKILL') };
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
