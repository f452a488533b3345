/** One process of an installation that a test or a measurement holds in its hand. */
import { farewellOf } from '../stack/farewell';
import { childrenOf, end, kill, type ProcessIdentity, send } from '../stack/process-identity';
import { lastWords, type Program, start, type Started } from '../stack/program';
import { type Claim } from '../stack/run-file';

export interface Part {
  readonly name: string;
  readonly logFile: string;
  /** Undefined while it does not run. */
  readonly pid: () => number | undefined;
  /** Starts it; does nothing when it runs. Returns before it answers. */
  readonly start: () => Promise<void>;
  /** SIGKILL; returns when it is dead. */
  readonly kill: () => Promise<void>;
  /** Its farewell signal, SIGKILL after the bound; returns when it is dead. */
  readonly stop: () => Promise<void>;
  /** SIGSTOP, with its children: it keeps its connections and answers nothing, until `wake`. */
  readonly freeze: () => void;
  readonly wake: () => void;
  /** Says how it ended by itself, with its last words; undefined while it runs. */
  readonly hopeless: () => string | undefined;
}

/** A process that is started by hand. The run file knows it, so nothing outlives a killed launcher. */
export function partOf(program: Program, held: Pick<Claim, 'note'>): Part {
  let present: { readonly started: Started; readonly isOver: () => string | undefined } | undefined;
  const identity = (): ProcessIdentity | undefined =>
    present === undefined || present.isOver() !== undefined ? undefined : present.started.identity;
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    const known = identity();
    if (known === undefined) return;
    // PostgreSQL's work is done by its children, each in a group of its own.
    for (const pid of [known.pid, ...childrenOf(known.pid)]) send(pid, name);
  };
  return {
    name: program.name,
    logFile: program.logFile,
    pid: () => identity()?.pid,
    start: async () => {
      if (identity() !== undefined) return;
      const started = await start(program);
      let how: string | undefined;
      void started.ended.then((said) => {
        how = said;
      });
      present = { started, isOver: () => how };
      held.note(program.name, started.identity);
    },
    kill: async () => {
      const known = identity();
      if (known === undefined) return;
      kill(known);
      await present?.started.ended;
    },
    stop: async () => {
      const known = identity();
      // One that is frozen would never see its farewell.
      signal('SIGCONT');
      if (known === undefined) return;
      await end(known, farewellOf(program.name));
      // Else a start right after would take it for running: its end is seen before it is told.
      await present?.started.ended;
    },
    freeze: () => {
      signal('SIGSTOP');
    },
    wake: () => {
      signal('SIGCONT');
    },
    hopeless: () => {
      const how = present?.isOver();
      return how === undefined ? undefined : `it ended (${how}). ${lastWords(program)}`;
    },
  };
}
