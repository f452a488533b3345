/** Keeps one program alive: says when it ended and starts it again, later each time, never twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { end, kill, type ProcessIdentity } from './process-identity';
import { lastWords, type Program, start, type Started } from './program';
import { type Say } from './progress';
import { messageOf } from './failure';

export interface Supervision {
  readonly say: Say;
  /** Called after each start and after each end, so that the run file tells the truth. */
  readonly onStart?: (program: Program, identity: ProcessIdentity) => void;
  readonly onEnd?: (program: Program) => void;
}

export interface Kept {
  /** Says why it is pointless to wait for its first answer; undefined while there is hope. */
  readonly hopeless: () => string | undefined;
  /** Ends it in good order and for good. */
  readonly stop: () => Promise<void>;
  /** Ends it at once and for good. */
  readonly kill: () => void;
}

const backoff = { firstMs: 200, longestMs: 10_000, steadyAfterMs: 30_000 } as const;
const endsBeforeHopeless = 5;

/** Starts the program and keeps it alive until it is stopped. Rejects if it cannot be started. */
export async function keepAlive(program: Program, supervision: Supervision): Promise<Kept> {
  const stopping = new AbortController();
  const life: Life = { program, supervision, failures: 0, stopping: stopping.signal };
  let present = await begin(life);
  const watched = (async () => {
    while (await endedByItself(life, present)) {
      present = await begin(life).catch((error: unknown) => stillborn(present, error));
    }
  })();
  return {
    hopeless: () => hopelessness(life),
    stop: async () => {
      stopping.abort();
      await end(present.identity, program.farewell);
      await watched;
    },
    kill: () => {
      stopping.abort();
      kill(present.identity);
    },
  };
}

interface Life {
  readonly program: Program;
  readonly supervision: Supervision;
  readonly stopping: AbortSignal;
  /** How often it ended by itself, one after another in short order. */
  failures: number;
}

async function begin(life: Life): Promise<Started> {
  const started = await start(life.program);
  try {
    life.supervision.onStart?.(life.program, started.identity);
  } catch (error) {
    // One that is not noted anywhere would never be found again.
    kill(started.identity);
    throw error;
  }
  // Asked to stop while it started: whoever asked saw only the one before.
  if (life.stopping.aborted) kill(started.identity);
  return started;
}

/** Waits for its end, and then until it is time for the next; false when there shall be none. */
async function endedByItself(life: Life, present: Started): Promise<boolean> {
  const { program, supervision, stopping } = life;
  const since = Date.now();
  const how = await present.ended;
  try {
    supervision.onEnd?.(program);
  } catch (error) {
    // A full disk is no reason to leave the program down.
    supervision.say(messageOf(error));
  }
  const isStopped = () => stopping.aborted;
  if (isStopped()) return false;
  life.failures = Date.now() - since > backoff.steadyAfterMs ? 1 : life.failures + 1;
  const delayMs = Math.min(backoff.firstMs * 2 ** (life.failures - 1), backoff.longestMs);
  supervision.say(`${program.name} ended (${how}), starting it again in ${delayMs / 1000} s`);
  await sleep(delayMs, undefined, { signal: stopping }).catch(() => undefined);
  return !isStopped();
}

/** A start that failed counts as one that ended at once: so the next is tried later. */
function stillborn({ child, identity }: Started, error: unknown): Started {
  return { child, identity, ended: Promise.resolve(messageOf(error)) };
}

function hopelessness({ failures, program }: Life): string | undefined {
  if (failures < endsBeforeHopeless) return undefined;
  return `${program.name} ended ${failures} times. ${lastWords(program)}`;
}
