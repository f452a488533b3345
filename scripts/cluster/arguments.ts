/** What `npm run cluster` is asked for. */
import { parseArgs } from 'node:util';
import { countOf } from '../stack/count';

export interface Wish {
  readonly apis: number;
  readonly workers: number;
  /** How long the trial drives load; undefined = no trial. */
  readonly seconds: number | undefined;
  /** Stays up afterwards, until Ctrl-C. */
  readonly keep: boolean;
  /** host:port of an engine that runs already; undefined = the embedded one. */
  readonly temporalAddress: string | undefined;
}

const usage =
  'Usage: npm run cluster [-- --apis 2 --workers 2 --seconds N --keep --temporal host:port]';
/** Below this a phase has too few requests to be a figure. */
const leastSeconds = 8;

/** Reads the arguments; throws an error that names what is wrong and how it is used. */
export function readArguments(given: readonly string[]): Wish {
  const { apis, workers, seconds, keep, temporal } = parsed(given);
  const trial = seconds === undefined ? undefined : countOf('seconds', seconds, wrong);
  if (trial !== undefined && trial < leastSeconds) {
    throw wrong(`--seconds must be ${leastSeconds} or more, not ${trial}.`);
  }
  if (temporal !== undefined && !/^[^\s:/]+:\d+$/.test(temporal)) {
    throw wrong(`--temporal must be host:port, not ${temporal}.`);
  }
  return {
    ...{ apis: countOf('apis', apis, wrong), workers: countOf('workers', workers, wrong) },
    ...{ seconds: trial, keep: keep || trial === undefined, temporalAddress: temporal },
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        apis: { type: 'string', default: '2' },
        workers: { type: 'string', default: '2' },
        seconds: { type: 'string' },
        keep: { type: 'boolean', default: false },
        temporal: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(message: string): Error {
  return new Error(`${message}\n${usage}`);
}
