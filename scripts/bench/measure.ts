/** One operation at one concurrency: what was done, how fast, and what CPU it took of whom. */
import { setTimeout as pause } from 'node:timers/promises';
import { percentile, Tally } from '../replay/figures';
import type { Part } from '../rig/part';
import { cpuMsOf } from './cpu';
import { drive, type Driven, type Load } from './drive';

/** Whose CPU is counted; the bench itself is the client. */
export const spenders = ['API', 'worker', 'Temporal', 'PostgreSQL', 'client'] as const;
export type Spender = (typeof spenders)[number];

export type Cpu = Readonly<Record<Spender, number>>;

export interface Slice extends Driven {
  /** Milliseconds until what the answers left to do was done. */
  readonly settledMs: number;
  /** Milliseconds, of the slice and of settling. */
  readonly cpu: Cpu;
}

export interface Figures {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds; undefined when nothing was answered. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly longest: number | undefined;
  /** What went wrong, and how often. */
  readonly errors: Readonly<Record<string, number>>;
  /** Milliseconds of CPU for each request, errors included. */
  readonly cpu: Cpu;
  /** The longest of all slices: answered, but left to be done afterwards. */
  readonly settledMs: number;
}

export type Meter = () => Cpu;

/** `worker` is the one that works: ours or the bare engine's. */
export function meterOf(parts: ReadonlyMap<string, Part>, worker: Part): Meter {
  const of = (name: string) => cpuMsOf(parts.get(name)?.pid());
  return () => ({
    API: of('API'),
    worker: cpuMsOf(worker.pid()),
    Temporal: of('Temporal'),
    PostgreSQL: of('PostgreSQL'),
    client: (({ user, system }) => (user + system) / 1000)(process.cpuUsage()),
  });
}

/** Warms up, then measures until what the answers left behind is done, too. */
export async function slice(meter: Meter, load: Load): Promise<Slice> {
  await drive({ ...load, milliseconds: Infinity, atMost: load.atOnce * 2 });
  await quiet(meter);
  const before = meter();
  const driven = await drive(load);
  const settledMs = await quiet(meter);
  return { ...driven, settledMs, cpu: spentBetween(before, meter()) };
}

const lookEveryMs = 100;
const longestMs = 5_000;
/** Of a core: what an installation takes that has nothing to do. */
const idleShare = 0.3;

/** Milliseconds until worker, engine and database have next to nothing to do. */
async function quiet(meter: Meter): Promise<number> {
  const since = performance.now();
  for (;;) {
    const before = meter();
    await pause(lookEveryMs);
    const { API, worker, Temporal, PostgreSQL } = spentBetween(before, meter());
    const passed = performance.now() - since;
    if (API + worker + Temporal + PostgreSQL < lookEveryMs * idleShare) return passed - lookEveryMs;
    if (passed > longestMs) return passed;
  }
}

export function figuresOf(slices: readonly Slice[]): Figures {
  const latencies = slices.flatMap((one) => one.latencies);
  const errors = slices.flatMap((one) => one.errors);
  const seconds = slices.reduce((sum, one) => sum + one.elapsedMs, 0) / 1000;
  const requests = latencies.length + errors.length;
  const cpuOf = (who: Spender) => slices.reduce((sum, { cpu }) => sum + cpu[who], 0) / requests;
  return {
    requests,
    perSecond: latencies.length / seconds,
    ...ranked(latencies),
    errors: counted(errors),
    cpu: eachSpender(cpuOf),
    settledMs: Math.max(...slices.map((one) => one.settledMs)),
  };
}

/** The usual ranks of some milliseconds. */
export function ranked(values: readonly number[]) {
  return {
    p50: percentile(values, 0.5),
    p95: percentile(values, 0.95),
    p99: percentile(values, 0.99),
    longest: percentile(values, 1),
  };
}

/** How often each was said. */
export function counted(words: readonly string[]): Record<string, number> {
  const tally = new Tally();
  for (const word of words) tally.add(word);
  return Object.fromEntries(tally.sorted());
}

/** What was spent from one look at the meter to the next. */
export const spentBetween = (before: Cpu, after: Cpu): Cpu =>
  eachSpender((who) => after[who] - before[who]);

function eachSpender(of: (who: Spender) => number): Cpu {
  return {
    API: of('API'),
    worker: of('worker'),
    Temporal: of('Temporal'),
    PostgreSQL: of('PostgreSQL'),
    client: of('client'),
  };
}
