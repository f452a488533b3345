/** The whole bench on an installation of its own. */
import { openDesk } from '../rig/desk';
import type { Rig } from '../rig/rig';
import { type Say, timed } from '../stack/progress';
import { type AccessLine, measureAccess } from './access';
import { type ApprovalFigures, measureApprovals } from './approvals';
import { type BareEngine, openBareEngine } from './bare/engine';
import { type Histories, measureHistories } from './history';
import { type Circumstances, circumstances } from './machine';
import { meterOf } from './measure';
import { memoryOf } from './memory';
import { type People, signIn } from './people';
import { type Line, measureAll, slicesOf } from './rounds';
import { openRows, type Rows } from './rows';
import { seed } from './seed';
import { type Tickets, ticketsOf } from './tickets';
import { measureTimers, type TimerFigures, timerPhases } from './timers';
import type { Sizes } from './wish';
import { openWire } from './wire';

export interface Findings {
  readonly circumstances: Circumstances;
  readonly sizes: Sizes;
  readonly speed: readonly Line[];
  readonly timers: { readonly spread: TimerFigures; readonly atOnce: TimerFigures };
  readonly approvals: ApprovalFigures;
  readonly access: readonly AccessLine[];
  readonly histories: Histories;
  /** From nothing to ready, a new cluster included; from stopped to ready, with all these tickets. */
  readonly startUp: { readonly coldMs: number; readonly restartMs: number };
  /** MiB of each part: before the first ticket, after the last. */
  readonly memory: {
    readonly idle: Readonly<Record<string, number>>;
    readonly loaded: Readonly<Record<string, number>>;
  };
}

export interface Bench {
  readonly rig: Rig;
  readonly coldMs: number;
  readonly sizes: Sizes;
  readonly say: Say;
  /** Gives what is called after each step; of so many steps. */
  readonly progress: (steps: number) => () => void;
  /** Aborted: the installation is being closed. */
  readonly stop: AbortSignal;
}

type Measured = Omit<Findings, 'startUp'>;

export async function runBench(bench: Bench): Promise<Findings> {
  const measured = await measureOn(bench);
  return { ...measured, startUp: { coldMs: bench.coldMs, restartMs: await restart(bench) } };
}

async function measureOn(bench: Bench): Promise<Measured> {
  const { rig, say } = bench;
  const idle = memoryOf(rig.parts.values());
  const desk = await openDesk(rig.database.url, { slug: 'bench', agents: 4, requesters: 4 });
  const rows = await openRows(rig.database.ownerUrl, desk.organizationId);
  const wire = openWire(rig.addresses[0] ?? '');
  const bare = await timed(say, 'The bare engine is ready', () => openBareEngine(rig));
  try {
    const where = await circumstances(rows, rig.temporalAddress);
    const people = await signIn(wire, desk);
    const tools = { rows, bare, people, tickets: ticketsOf(wire, people), slug: desk.slug };
    const figures = await measureWith(bench, tools);
    const loaded = memoryOf(rig.parts.values());
    const { sizes } = bench;
    const field = { wire, desk, people, rows, sizes, meter: metersOf(rig, bare).meter };
    const approvals = await timed(say, 'Approvals are measured', () =>
      measureApprovals({ ...field, slug: desk.slug, temporalAddress: rig.temporalAddress }),
    );
    const access = await timed(say, 'People and access are measured', () => measureAccess(field));
    const measured = { ...figures, approvals, access };
    return { circumstances: where, sizes, ...measured, memory: { idle, loaded } };
  } finally {
    wire.close();
    await rows.close();
    await bare.worker.stop();
    await bare.close();
  }
}

interface Tools {
  readonly rows: Rows;
  readonly bare: BareEngine;
  readonly people: People;
  readonly tickets: Tickets;
  readonly slug: string;
}

async function measureWith({ rig, sizes, say, progress }: Bench, tools: Tools) {
  const { listed: total, originals } = sizes;
  await timed(say, `${total} closed tickets are there`, () => seed({ ...tools, originals, total }));
  const { temporalAddress } = rig;
  const histories = await measureHistories({ ...tools, temporalAddress });
  const step = progress(slicesOf(sizes) + timerPhases);
  const field = { ...tools, sizes, refresh: tools.people.refresh };
  const speed = await measureAll({ ...field, ...metersOf(rig, tools.bare), onSlice: step });
  await tools.bare.worker.stop();
  return { speed, histories, timers: await measureTimers({ ...field, onPhase: step }) };
}

function metersOf({ parts }: Rig, bare: BareEngine) {
  const worker = parts.get('worker');
  if (worker === undefined) throw new Error('The installation has no worker');
  return { meter: meterOf(parts, worker), bareMeter: meterOf(parts, bare.worker) };
}

/** Milliseconds from everything stopped to everything ready. */
async function restart({ rig, stop }: Bench): Promise<number> {
  for (const part of [...rig.parts.values()].reverse()) await part.stop();
  // Nothing is started any more in an installation that is being closed.
  stop.throwIfAborted();
  const since = performance.now();
  await rig.start();
  return performance.now() - since;
}
