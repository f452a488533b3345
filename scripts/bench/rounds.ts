/**
 * Every operation at every concurrency, in slices: ours and the bare engine's take turns, so that whatever
 * else happens on the machine hits both.
 */
import type { Request } from './drive';
import type { BareEngine } from './bare/engine';
import { figuresOf, type Figures, type Meter, slice, type Slice } from './measure';
import type { Tickets } from './tickets';

export interface Line {
  readonly operation: Operation;
  readonly atOnce: number;
  readonly figures: Figures;
  /** The bare engine's; undefined where there is nothing to compare. */
  readonly bare: Figures | undefined;
}

export const operations = ['open', 'command', 'comment', 'read', 'list'] as const;
export type Operation = (typeof operations)[number];

export interface Field {
  readonly tickets: Tickets;
  readonly bare: BareEngine;
  readonly meter: Meter;
  readonly bareMeter: Meter;
  readonly sliceMs: number;
  readonly rounds: number;
  /** Before each slice. */
  readonly refresh: () => Promise<void>;
  readonly onSlice: () => void;
}

type Next = () => Request | undefined;

interface Pair {
  readonly ours: Next;
  readonly bare?: Next;
}

/** How many slices `measureAll` makes. */
export function slicesOf(concurrencies: readonly number[], rounds: number): number {
  return concurrencies.length * rounds * (operations.length + 2);
}

export async function measureAll(field: Field, concurrencies: readonly number[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const atOnce of concurrencies) {
    const pairs = pairsOf(field);
    for (const operation of operations) {
      lines.push({ operation, atOnce, ...(await measure(field, pairs[operation], atOnce)) });
    }
  }
  return lines;
}

async function measure(field: Field, pair: Pair, atOnce: number) {
  const ours: Slice[] = [];
  const bare: Slice[] = [];
  const { sliceMs: milliseconds } = field;
  for (let round = 1; round <= field.rounds; round += 1) {
    await field.refresh();
    ours.push(await slice(field.meter, { atOnce, milliseconds, next: pair.ours }));
    field.onSlice();
    if (pair.bare === undefined) continue;
    bare.push(await slice(field.bareMeter, { atOnce, milliseconds, next: pair.bare }));
    field.onSlice();
  }
  return { figures: figuresOf(ours), bare: bare.length === 0 ? undefined : figuresOf(bare) };
}

/** Commands are given to what the slices of opening have opened; comments and reads to all of it. */
function pairsOf({ tickets, bare }: Field): Readonly<Record<Operation, Pair>> {
  const ids: string[] = [];
  const lives: string[] = [];
  const unresolved = taking(ids);
  const uncommanded = taking(lives);
  const anyTicket = circling(ids);
  return {
    open: {
      ours: () => tickets.open((id) => ids.push(id)),
      bare: () => attempt(async () => void lives.push(await bare.open())),
    },
    command: {
      ours: () => over(unresolved(), tickets.resolve),
      bare: () => over(uncommanded(), (id) => attempt(() => bare.command(id))),
    },
    comment: { ours: () => over(anyTicket(), tickets.comment) },
    read: { ours: () => over(anyTicket(), tickets.read) },
    list: { ours: tickets.list },
  };
}

/** Each once, in order. */
function taking(ids: readonly string[]) {
  let taken = 0;
  return () => ids[taken++];
}

/** One after the other, over and over. */
function circling(ids: readonly string[]) {
  let taken = 0;
  return () => ids[taken++ % ids.length];
}

function over(id: string | undefined, request: (id: string) => Request): Request | undefined {
  return id === undefined ? undefined : request(id);
}

function attempt(work: () => Promise<void>): Request {
  return async () => {
    try {
      await work();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  };
}
