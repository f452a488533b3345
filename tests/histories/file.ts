/** Recorded histories as files: read by the replay gate, written by `npm run record-history`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;

const ending = '.json';

/** Names of all recorded histories, sorted. */
export function recordedNames(): string[] {
  return readdirSync(__dirname)
    .filter((file) => file.endsWith(ending))
    .map((file) => basename(file, ending))
    .sort();
}

/** Names of the cases that have at least one; each run of a life that continued has a file of its own. */
export function recordedCases(): Set<string> {
  return new Set(recordedNames().map((name) => name.replace(/-\d$/, '')));
}

/** A history as JSON, for the SDK to read. */
export function recorded(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, `${name}${ending}`), 'utf8'));
}

/** Writes a history, an event a line, without what only this machine has. */
export function writeHistory(name: string, history: History): void {
  const { events } = JSON.parse(anonymous(historyToJSON(history))) as { events: object[] };
  const lines = events.map((event) => `  ${JSON.stringify(event)}`);
  writeFileSync(join(__dirname, `${name}${ending}`), `{ "events": [\n${lines.join(',\n')}\n] }\n`);
}

/** Clients and workers sign with process id and host; stacks name folders. */
function anonymous(text: string): string {
  const tidy = text
    .replaceAll(`${process.pid}@${hostname()}`, 'recorder')
    .replaceAll(`${resolve('.')}/`, '')
    .replaceAll(/\(?node:internal[^"\\]*/g, 'node');
  if (tidy.includes(hostname())) throw new Error('A history names the machine it was recorded on');
  return tidy;
}
