/** What the workers said in their logs: repairs, and causes that they found done already. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Part } from '../../rig/part';
import type { Logged } from './evidence';

const Said = z.object({ time: z.number(), msg: z.string(), ticketId: z.string().default('') });
const Repair = Said.extend({ dueAt: z.iso.datetime() });
/** A command is known by its id, anything else by its cause. */
const Known = Said.extend({
  result: z.literal('known'),
  cause: z.string().optional(),
  commandId: z.string().optional(),
});

/** Reads every log, also the part that was put aside because it grew long. */
export function readLogs(parts: Iterable<Part>): Logged {
  const lines = [...parts].flatMap(({ logFile }) =>
    [`${logFile}.1`, logFile].filter((file) => existsSync(file)).flatMap(linesOf),
  );
  return loggedIn(lines);
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** Pure: what is no JSON line, such as the last one before a kill, says nothing. */
export function loggedIn(lines: readonly string[]): Logged {
  const said = lines.flatMap((line) => objectOf(line));
  const repairs = said.flatMap((one) => {
    const { data } = Repair.safeParse(one);
    return data?.msg === 'watchdog repaired a life' ? [data] : [];
  });
  const known = said.flatMap((one) => {
    const { data } = Known.safeParse(one);
    return data?.msg === 'fact taken' ? [data] : [];
  });
  return {
    repairs: repairs.map(({ time: at, dueAt, ticketId }) => ({
      at,
      dueAt: Date.parse(dueAt),
      ticketId,
    })),
    known: known.map(({ time: at, ticketId, cause, commandId }) => ({
      ...{ at, ticketId },
      cause: cause ?? commandId ?? '',
    })),
  };
}

function objectOf(line: string): unknown[] {
  if (!line.includes('watchdog repaired') && !line.includes('"known"')) return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
