/**
 * How late timers are: tickets are put on hold until a chosen instant, as an agent would; each then goes on
 * by itself. What is measured is the recorded moment of that fact against the instant it was promised for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { drive, type Driven } from './drive';
import { counted, ranked } from './measure';
import type { Rows } from './rows';
import type { Tickets } from './tickets';
import type { Sizes } from './wish';

type Ranks = ReturnType<typeof ranked>;

export interface TimerFigures {
  readonly timers: number;
  /** Those that acted before patience ended. */
  readonly acted: number;
  /** Milliseconds after the instant. */
  readonly lateness: Ranks;
  /** Timers a second, from the first instant to the last act. */
  readonly perSecond: number;
  /** Commands to other tickets meanwhile, one at a time. */
  readonly commands: Ranks & {
    readonly count: number;
    readonly errors: Readonly<Record<string, number>>;
  };
}

export interface TimerField {
  readonly tickets: Tickets;
  readonly rows: Rows;
  readonly sizes: Sizes;
  readonly refresh: () => Promise<void>;
  readonly onPhase: () => void;
}

/** How often `measureTimers` calls `onPhase`. */
export const timerPhases = 5;

export async function measureTimers(field: TimerField) {
  const { timers: count, spreadSeconds } = field.sizes;
  await field.refresh();
  const others = await opened(field, 20);
  const { ids, seconds } = await timed(() => opened(field, count));
  field.onPhase();
  const round = async (overSeconds: number) => {
    await field.refresh();
    // Holding takes about as long as opening; no instant may come before the last hold.
    const first = new Date(Date.now() + (seconds * 1.6 + 4) * 1000);
    const instants = instantsOf(first, count, overSeconds);
    await hold(field.tickets, ids, instants);
    field.onPhase();
    await pause(Math.max(0, first.getTime() - Date.now() - 500));
    const figures = await watched(field, { ids, others, first, overSeconds });
    field.onPhase();
    return figures;
  };
  return { spread: await round(spreadSeconds), atOnce: await round(0) };
}

/** Evenly over so many seconds, the first at `first`; all at `first` when there are none. */
export function instantsOf(first: Date, count: number, overSeconds: number): Date[] {
  return Array.from(
    { length: count },
    (_, index) => new Date(first.getTime() + Math.floor((index * overSeconds * 1000) / count)),
  );
}

async function timed(work: () => Promise<string[]>) {
  const since = performance.now();
  const ids = await work();
  return { ids, seconds: (performance.now() - since) / 1000 };
}

const untilDone = { atOnce: 8, milliseconds: Infinity };

async function opened({ tickets }: TimerField, count: number): Promise<string[]> {
  const ids: string[] = [];
  const next = () => tickets.open((id) => ids.push(id));
  refuseErrors(await drive({ ...untilDone, atMost: count, next }), 'Opening');
  return ids;
}

async function hold(tickets: Tickets, ids: readonly string[], instants: readonly Date[]) {
  let turn = 0;
  const next = () => {
    const [id, until] = [ids[turn], instants[turn]];
    turn += 1;
    if (id === undefined || until === undefined) return undefined;
    return tickets.command(id, 'hold', { reason: 'scheduled', until: until.toISOString() });
  };
  refuseErrors(await drive({ ...untilDone, next }), 'Holding');
}

function refuseErrors({ errors }: Driven, what: string): void {
  if (errors.length === 0) return;
  throw new Error(`${what} failed ${errors.length} times: ${[...new Set(errors)].join(', ')}`);
}

interface Watched {
  readonly ids: readonly string[];
  readonly others: readonly string[];
  readonly first: Date;
  readonly overSeconds: number;
}

const Acted = z.object({ latenessMs: z.number(), recordedAt: z.date() });
type Acted = z.infer<typeof Acted>;

async function watched(field: TimerField, watch: Watched): Promise<TimerFigures> {
  const { ids, first, overSeconds } = watch;
  const patienceMs = overSeconds * 1000 + 20_000 + ids.length * 100;
  let isOver = false;
  const commands = probe(field, watch.others, () => isOver);
  let acts: Acted[] = [];
  while (acts.length < ids.length && Date.now() < first.getTime() + patienceMs) {
    await pause(1_000);
    acts = await actsOf(field.rows, watch);
  }
  isOver = true;
  const { latencies, errors } = await commands;
  const last = Math.max(first.getTime(), ...acts.map(({ recordedAt }) => recordedAt.getTime()));
  return {
    timers: ids.length,
    acted: acts.length,
    lateness: ranked(acts.map(({ latenessMs }) => latenessMs)),
    perSecond: (acts.length * 1000) / (last - first.getTime()),
    commands: { ...ranked(latencies), count: latencies.length, errors: counted(errors) },
  };
}

/** A command about every tenth of a second, until it is over. */
export function probe(
  { tickets }: Pick<TimerField, 'tickets'>,
  others: readonly string[],
  isOver: () => boolean,
): Promise<Driven> {
  let turn = 0;
  const next = () => {
    if (isOver()) return undefined;
    turn += 1;
    // Each command changes its ticket: every round of all of them another urgency.
    const urgency = Math.floor(turn / others.length) % 2 === 0 ? 'low' : 'medium';
    return tickets.command(others[turn % others.length] ?? '', 'prioritize', { urgency });
  };
  return drive({ atOnce: 1, milliseconds: Infinity, next, restMs: 100 });
}

async function actsOf(rows: Rows, { ids, first }: Watched): Promise<Acted[]> {
  const found = await rows.query(
    `select extract(epoch from recorded_at - occurred_at)::float * 1000 as "latenessMs",
            recorded_at as "recordedAt"
       from ticket_events where ticket_id = any($1) and type = 'resumed' and occurred_at >= $2`,
    [ids, first],
  );
  return z.array(Acted).parse(found);
}
