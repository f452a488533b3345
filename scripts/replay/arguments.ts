/** What the command line asks for. */
import { parseArgs } from 'node:util';
import { countOf } from '../stack/count';
import { formats, type Format } from './format';

export interface Wish {
  /** Path of the log. */
  readonly log: string;
  readonly format: Format;
  /** Only the first so many tickets; undefined = all. */
  readonly limit: number | undefined;
  /** Path of the report; undefined = only what is printed. */
  readonly report: string | undefined;
  /** Address of a running Holdfast; undefined = a stack of our own. */
  readonly url: string | undefined;
  /** Folder of the progress and of the stack of our own, which stays; undefined = nothing is kept. */
  readonly resume: string | undefined;
  /** Whether the stack is measured afterwards. */
  readonly isMeasured: boolean;
  /** Rows that are under way at once. */
  readonly concurrency: number;
}

const names = Object.keys(formats).join('|');
const usage = `Usage: npm run replay -- <csv> --format ${names} [--limit N] [--report FILE] [--concurrency N] [--resume FOLDER [--measure]] [--url http://...]
  --resume   keep stack and progress in this folder; a run that was killed goes on there
  --measure  afterwards: lists, memory, idle, sizes, check, and a start after kill -9 (2 minutes)`;

/** Reads the arguments; throws an error that names what is wrong and how it is used. */
export function readArguments(given: readonly string[]): Wish {
  const { values, positionals } = parsed(given);
  const { limit, report, url, resume, measure } = values;
  const [log, ...others] = positionals;
  if (log === undefined || others.length > 0) throw wrong('Give exactly one log.');
  if (measure && (resume === undefined || url !== undefined)) {
    throw wrong('--measure ends and starts the stack: it needs --resume, without --url.');
  }
  return {
    ...{ log, report, resume },
    format: formatOf(values.format),
    limit: limit === undefined ? undefined : countOf('limit', limit, wrong),
    url: url === undefined ? undefined : addressOf(url),
    isMeasured: measure,
    concurrency: countOf('concurrency', values.concurrency, wrong),
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        limit: { type: 'string' },
        report: { type: 'string' },
        url: { type: 'string' },
        resume: { type: 'string' },
        measure: { type: 'boolean', default: false },
        concurrency: { type: 'string', default: '12' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function formatOf(name = ''): Format {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  throw wrong(`Give the format of the log: --format ${names}.`);
}

function addressOf(text: string): string {
  if (!URL.canParse(text)) throw wrong(`--url must be an address, not ${text}.`);
  return text.replace(/\/+$/, '');
}

function wrong(message: string): Error {
  return new Error(`${message}\n${usage}`);
}
