/** What the command line asks for, and how big the bench is then. */
import { parseArgs } from 'node:util';

export interface Sizes {
  readonly concurrencies: readonly number[];
  /** Slices of each operation at each concurrency, and how long one is. */
  readonly rounds: number;
  readonly sliceMs: number;
  /** Tickets in the list; so many of them live through the API. */
  readonly listed: number;
  readonly originals: number;
  /** Timers of each kind, and the seconds over which the spread ones fall due. */
  readonly timers: number;
  readonly spreadSeconds: number;
}

/** All of it but deadlines, searches and views, or one of these alone: they need an installation of their own. */
const parts = ['usual', 'deadlines', 'search', 'views'] as const;
export type BenchPart = (typeof parts)[number];

export interface Wish {
  readonly part: BenchPart;
  readonly isQuick: boolean;
  /** Where all figures go; undefined = nowhere. */
  readonly json: string | undefined;
  /** The document whose tables are written anew. */
  readonly report: string | undefined;
}

const usage =
  'Usage: npm run bench [-- --quick] [--json FILE] [--report FILE], or npm run bench -- deadlines|search|views [--quick] [--json FILE]';

/** Reads the arguments; throws an error that names what is wrong and how it is used. */
export function readWish(given: readonly string[]): Wish {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        report: { type: 'string' },
      },
    });
    const part = partOf(positionals);
    // The tables of a document are those of the usual parts.
    if (part !== 'usual' && values.report !== undefined)
      throw new Error(`The part ${part} has no --report: it prints its tables.`);
    return { part, isQuick: values.quick, json: values.json, report: values.report };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function partOf(given: readonly string[]): BenchPart {
  const [wanted = 'usual', ...more] = given;
  const part = parts.find((one) => one === wanted);
  if (more.length === 0 && part !== undefined) return part;
  throw new Error(`There is no part ${given.join(' ')} of the bench.`);
}

export const full: Sizes = {
  ...{ concurrencies: [1, 8, 16], rounds: 3, sliceMs: 3_000 },
  ...{ listed: 10_000, originals: 90 },
  ...{ timers: 1_000, spreadSeconds: 60 },
};

export const quick: Sizes = {
  ...{ concurrencies: [1, 8], rounds: 1, sliceMs: 1_500 },
  ...{ listed: 10_000, originals: 45 },
  ...{ timers: 100, spreadSeconds: 8 },
};
