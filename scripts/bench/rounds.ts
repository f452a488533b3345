/**
 * Every operation at every concurrency, in slices: ours and the bare engine's take turns, so that whatever
 * else happens on the machine hits both.
 */
import { messageOf } from '../stack/failure';
import type { BareEngine } from './bare/engine';
import type { Request } from './drive';
import { figuresOf, type Figures, type Meter, slice, type Slice } from './measure';
import type { Tickets } from './tickets';
import type { Sizes } from './wish';

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
  readonly sizes: Sizes;
  /** Before each slice. */
  readonly refresh: () => Promise<void>;
  readonly onSlice: () => void;
}

type Next = () => Request | undefined;

interface Pair {
  readonly ours: Next;
  readonly bare?: Next;
}

type Pairs = Readonly<Record<Operation, Pair>>;

/** How often `measureAll` calls `onSlice`. */
export function slicesOf({ concurrencies, rounds }: Sizes): number {
  return concurrencies.length * rounds * operations.length;
}

export async function measureAll(field: Field): Promise<Line[]> {
  const lines: Line[] = [];
  const pairs = pairsOf(field);
  for (const atOnce of field.sizes.concurrencies) {
    lines.push(...(await measureAt(field, pairs, atOnce)));
  }
  return lines;
}

/** A round is one slice of each operation: commands so meet lives that were just opened, and are warm. */
async function measureAt(field: Field, pairs: Pairs, atOnce: number): Promise<Line[]> {
  const ours = slicesByOperation();
  const bare = slicesByOperation();
  const load = { atOnce, milliseconds: field.sizes.sliceMs };
  for (let round = 1; round <= field.sizes.rounds; round += 1) {
    for (const operation of operations) {
      const pair = pairs[operation];
      await field.refresh();
      ours[operation].push(await slice(field.meter, { ...load, next: pair.ours }));
      if (pair.bare) {
        bare[operation].push(await slice(field.bareMeter, { ...load, next: pair.bare }));
      }
      field.onSlice();
    }
  }
  return operations.map((operation) => ({
    ...{ operation, atOnce, figures: figuresOf(ours[operation]) },
    bare: bare[operation].length === 0 ? undefined : figuresOf(bare[operation]),
  }));
}

const slicesByOperation = (): Record<Operation, Slice[]> => ({
  ...{ open: [], command: [], comment: [], read: [], list: [] },
});

/** Commands are given to what the slices of opening have opened; comments and reads to all of it. */
function pairsOf({ tickets, bare }: Field): Pairs {
  const ids: string[] = [];
  const unresolved: string[] = [];
  const lives: string[] = [];
  const opened = (id: string) => {
    ids.push(id);
    unresolved.push(id);
  };
  const anyTicket = circling(ids);
  return {
    open: {
      ours: () => tickets.open(opened),
      bare: () => attempt(async () => void lives.push(await bare.open())),
    },
    command: {
      ours: () => over(unresolved.pop(), tickets.resolve),
      bare: () => over(lives.pop(), (id) => attempt(() => bare.command(id))),
    },
    comment: { ours: () => over(anyTicket(), tickets.comment) },
    read: { ours: () => over(anyTicket(), tickets.read) },
    list: { ours: tickets.list },
  };
}

/** One after the other, over and over. */
function circling(ids: readonly string[]) {
  let taken = 0;
  return () => {
    taken += 1;
    return ids[taken % ids.length];
  };
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
      return messageOf(error);
    }
  };
}
