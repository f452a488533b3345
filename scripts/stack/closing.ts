/** Ctrl-C, SIGTERM and a closed terminal end the stack in order; asked again, at once. */
import { type Say, timed } from './progress';
import { type Stack } from './stack';
import { messageOf } from './failure';

export interface Ending {
  readonly say: Say;
  /** Gives the data folder free; the last thing that happens. */
  readonly release: () => void;
}

/**
 * In a terminal one Ctrl-C arrives twice, from the terminal and from npm: what follows within this
 * time is the same wish.
 */
const sameWishMs = 1000;

/** Installs the signal handlers; the process ends with 0 after a drain, with 1 after a second wish. */
export function closeOnSignal(stack: Stack, { say, release }: Ending): void {
  let askedAt: number | undefined;
  const ask = (signal: NodeJS.Signals) => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      say(`Closing (${signal}); once more ends everything at once`);
      void drain(stack, { say, release });
    } else if (performance.now() - askedAt > sameWishMs) {
      stack.kill();
      release();
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
}

async function drain(stack: Stack, { say, release }: Ending): Promise<void> {
  try {
    await timed(say, 'Holdfast is closed', stack.close);
    release();
    process.exit(0);
  } catch (error) {
    // The run file stays: the next start ends what is left.
    say(messageOf(error));
    process.exit(1);
  }
}
