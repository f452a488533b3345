/** Breaks an installation again and again, and starts what died, as a supervisor would. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Link } from '../rig/link';
import type { Rig } from '../rig/rig';
import type { Dice } from './dice';
import type { Wish } from './arguments';
import { nextFault, type Fault, type Injected } from './fault';

const keepEveryMs = 100;

export interface Injector {
  /** What was injected so far; of each, when it was mended. */
  readonly injected: readonly Injected[];
  /** Parts that ended although nobody killed them, by name, and when. */
  readonly endings: readonly { readonly name: string; readonly at: number }[];
  /** Injects nothing more; resolves when all is mended and every part runs. */
  rest(): Promise<void>;
  /** Starts nothing any more. */
  close(): Promise<void>;
}

/** Begins at once; with no kinds of faults it only keeps the parts running. */
export function startInjector(
  rig: Rig,
  dice: Dice,
  { faults: kinds, everySeconds }: Pick<Wish, 'faults' | 'everySeconds'>,
): Injector {
  const injected: Injected[] = [];
  const keeper = startKeeper(rig, dice.of('supervisor'));
  const ending = new AbortController();
  const broken = new Set<string>();
  const running = new Set<Promise<void>>();
  const begin = (fault: Fault) => {
    const one = inject(rig, keeper, fault)
      .then((done) => {
        injected.push(done);
      })
      .finally(() => {
        for (const name of fault.targets) broken.delete(name);
        running.delete(one);
      });
    for (const name of fault.targets) broken.add(name);
    running.add(one);
  };
  const targets = {
    parts: [...rig.parts.keys()],
    links: rig.links.map(({ name }) => name),
  };
  const round = async () => {
    while (!ending.signal.aborted) {
      if (!(await rested(dice.next() * everySeconds * 2_000, ending.signal))) return;
      const fault = nextFault(dice, kinds, targets, broken);
      if (fault) begin(fault);
      // Some begin while another lasts.
      if (!dice.chance(0.3)) await Promise.all(running);
    }
  };
  const rounds = kinds.length === 0 ? Promise.resolve() : round();
  return {
    injected,
    endings: keeper.endings,
    rest: async () => {
      ending.abort();
      await rounds;
      await Promise.all(running);
      await keeper.whole();
      await rig.ready();
    },
    close: () => keeper.close(),
  };
}

async function inject(rig: Rig, keeper: Keeper, fault: Fault): Promise<Injected> {
  const from = Date.now();
  const [verb] = fault.kind.split('-');
  const parts = fault.targets.flatMap((name) => rig.parts.get(name) ?? []);
  const links = rig.links.filter(({ name }) => fault.targets.includes(name));
  if (verb === 'kill' || verb === 'restart') {
    for (const { name } of parts) keeper.holdBack(name, from + fault.forMs);
    await Promise.all(parts.map((part) => (verb === 'kill' ? part.kill() : part.stop())));
    await Promise.all(parts.map(({ name }) => keeper.runs(name)));
  } else if (verb === 'freeze') {
    for (const part of parts) part.freeze();
    await pause(fault.forMs);
    for (const part of parts) part.wake();
  } else {
    const act = (link: Link) => {
      if (verb === 'cut') link.cut();
      else link.stall();
    };
    links.forEach(act);
    await pause(fault.forMs);
    for (const link of links) link.mend();
  }
  return { ...fault, from, to: Date.now() };
}

interface Keeper {
  readonly endings: { readonly name: string; readonly at: number }[];
  /** It is to stay dead until then. */
  holdBack(name: string, until: number): void;
  /** Resolves when it runs. */
  runs(name: string): Promise<void>;
  /** Resolves when every part runs. */
  whole(): Promise<void>;
  close(): Promise<void>;
}

/** Starts every part that does not run: one that was killed when its time has come, any other after up to 3 s. */
function startKeeper(rig: Rig, dice: Dice): Keeper {
  const dueAt = new Map<string, number>();
  const endings: { name: string; at: number }[] = [];
  const ending = new AbortController();
  const look = async () => {
    for (const part of rig.parts.values()) {
      if (part.pid() !== undefined) continue;
      const due = dueAt.get(part.name);
      if (due === undefined) {
        endings.push({ name: part.name, at: Date.now() });
        dueAt.set(part.name, Date.now() + dice.next() * 3_000);
      } else if (due <= Date.now()) {
        dueAt.delete(part.name);
        await part.start();
      }
    }
  };
  const rounds = (async () => {
    while (!ending.signal.aborted) {
      await look();
      await rested(keepEveryMs, ending.signal);
    }
  })();
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await pause(keepEveryMs);
  };
  return {
    endings,
    holdBack: (name, at) => dueAt.set(name, at),
    runs: (name) => until(() => rig.parts.get(name)?.pid() !== undefined),
    whole: () => until(() => [...rig.parts.values()].every((part) => part.pid() !== undefined)),
    close: async () => {
      ending.abort();
      await rounds;
    },
  };
}

/** False when it was cut short. */
async function rested(ms: number, signal: AbortSignal): Promise<boolean> {
  await pause(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return !signal.aborted;
}
