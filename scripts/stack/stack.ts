/** The running stack: what is kept alive on one data folder, and how all of it ends. */
import { closingOrder, farewellOf } from './farewell';
import { end } from './process-identity';
import { type Program } from './program';
import { type Say } from './progress';
import { type Claim } from './run-file';
import { keepAlive, type Kept } from './supervisor';

export interface Stack {
  /** Starts a program and keeps it alive; throws when the stack is closing. */
  readonly run: (program: Program) => Promise<Kept>;
  /** Aborted when the stack begins to close, so that slow steps give up. */
  readonly closing: AbortSignal;
  /** Ends everything in order, each within its bound. */
  readonly close: () => Promise<void>;
  /** Ends everything at once. */
  readonly kill: () => void;
}

/** An empty stack on a claimed data folder. */
export function openStack(claim: Claim, say: Say): Stack {
  const closing = new AbortController();
  const kept = new Map<string, Kept>();
  const supervision = {
    say,
    onStart: (program: Program, identity: { pid: number; startedAt: string }) => {
      claim.note(program.name, {
        ...identity,
        ...(program.port === undefined ? {} : { port: program.port }),
      });
    },
    onEnd: (program: Program) => {
      claim.forget(program.name);
    },
  };
  return {
    closing: closing.signal,
    run: async (program) => {
      closing.signal.throwIfAborted();
      const started = await keepAlive(program, supervision);
      kept.set(program.name, started);
      // Asked to close while it started: nobody would end this one.
      if (closing.signal.aborted) await started.stop();
      closing.signal.throwIfAborted();
      return started;
    },
    close: async () => {
      closing.abort(new Error('Holdfast is closing.'));
      for (const name of closingOrder) await kept.get(name)?.stop();
    },
    kill: () => {
      closing.abort(new Error('Holdfast is closing.'));
      for (const one of kept.values()) one.kill();
    },
  };
}

/** Longest time that a left-behind program gets: a start must not take for ever. */
const orphanMs = 3000;

/** Ends what an earlier launcher left behind, before anything looks for ports or opens a store. */
export async function endOrphans(claim: Pick<Claim, 'leftBehind'>): Promise<void> {
  const names = [...claim.leftBehind.keys()];
  const isStore = (name: string) => name === 'PostgreSQL' || name === 'Temporal';
  for (const group of [names.filter((name) => !isStore(name)), names.filter(isStore)]) {
    await Promise.all(
      group.map(async (name) => {
        const orphan = claim.leftBehind.get(name);
        const { signal, withinMs } = farewellOf(name);
        if (orphan) await end(orphan, { signal, withinMs: Math.min(withinMs, orphanMs) });
      }),
    );
  }
}
