/** What the command line asks for. */
import { parseArgs } from 'node:util';
import { countOf } from '../stack/count';

export interface Wish {
  /** Path of the log. */
  readonly log: string;
  /** Only the first so many tickets; undefined = all. */
  readonly limit: number | undefined;
  /** Path of the report; undefined = only what is printed. */
  readonly report: string | undefined;
  /** Address of a running Holdfast; undefined = a stack of our own. */
  readonly url: string | undefined;
  /** Rows that are under way at once. */
  readonly concurrency: number;
}

const usage =
  'Usage: npm run replay -- <csv> --format uci [--limit N] [--report FILE] [--concurrency N] [--url http://...]';

/** Reads the arguments; throws an error that names what is wrong and how it is used. */
export function readArguments(given: readonly string[]): Wish {
  const { values, positionals } = parsed(given);
  const [log, ...others] = positionals;
  if (log === undefined || others.length > 0) throw wrong('Give exactly one log.');
  if (values.format !== 'uci') throw wrong('The only known format is uci: give --format uci.');
  return {
    log,
    limit: values.limit === undefined ? undefined : countOf('limit', values.limit, wrong),
    report: values.report,
    url: values.url === undefined ? undefined : addressOf(values.url),
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
        concurrency: { type: 'string', default: '12' },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function addressOf(text: string): string {
  if (!URL.canParse(text)) throw wrong(`--url must be an address, not ${text}.`);
  return text.replace(/\/+$/, '');
}

function wrong(message: string): Error {
  return new Error(`${message}\n${usage}`);
}
