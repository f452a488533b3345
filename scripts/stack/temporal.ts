/** The embedded Temporal: the dev server of the CLI with its Web UI, on a file that lasts. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { surroundings } from './environment';
import { farewells } from './farewell';
import { answers } from './ports';
import { type Program } from './program';
import { until } from './wait';

export interface TemporalWish {
  /** Path of the `temporal` program. */
  readonly cli: string;
  readonly port: number;
  /** Port of the Web UI; left out = no Web UI. */
  readonly uiPort?: number;
  /** File that holds everything; made when it is not there. */
  readonly store: string;
  readonly namespace: string;
  readonly logFile: string;
  /** For tests: timers under virtual time fire without the second of tolerance each. */
  readonly ephemeral?: boolean;
  /** Dynamic configuration of the server beside ours. */
  readonly dynamic?: Readonly<Record<string, unknown>>;
}

/** How to start it. It listens on 127.0.0.1 only: it has no sign-in. */
export function temporalProgram(wish: TemporalWish): Program {
  mkdirSync(dirname(wish.store), { recursive: true, mode: 0o700 });
  return {
    name: 'Temporal',
    command: wish.cli,
    args: ['server', 'start-dev', ...placeOf(wish), ...characterOf(wish)],
    env: surroundings(),
    folder: dirname(wish.store),
    logFile: wish.logFile,
    port: wish.port,
    farewell: farewells.Temporal,
  };
}

/** Waits until it takes connections; API and worker wait for more by themselves. */
export async function temporalListens(
  port: number,
  hopeless: () => string | undefined = () => undefined,
): Promise<void> {
  await until(() => answers(port, '127.0.0.1'), { what: 'Temporal', withinMs: 60_000, hopeless });
}

function placeOf({ port, uiPort, store, namespace }: TemporalWish): string[] {
  return [
    ...['--ip', '127.0.0.1', '--port', String(port), '--db-filename', store],
    ...(uiPort === undefined
      ? ['--headless']
      : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
  ];
}

function characterOf({ ephemeral, dynamic: asked }: TemporalWish): string[] {
  const dynamic = {
    'frontend.WorkflowTimeSkippingEnabled': true,
    // From the start, not `matching.autoEnableV2`: that one reloads a queue when the first fair task
    // comes, and loses the task which it has just handed out. Measured: 21 of 90 new queues did, 5 s each.
    'matching.enableFairness': true,
    // What comes while a life is at work; one more ends its task, whose work is then done again.
    'history.maximumBufferedEventsBatch': 1_000,
    // Measured: a real timer is late by 75 ms at the median; under virtual time each that fires
    // on the way costs this tolerance, by default a second.
    'history.timerProcessorMaxTimeShift': ephemeral === true ? '10ms' : '60ms',
    ...asked,
  };
  return [
    // Three times the throughput of the default, measured; a killed process loses nothing.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...Object.entries(dynamic).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
    ...['--log-level', 'error'],
  ];
}
