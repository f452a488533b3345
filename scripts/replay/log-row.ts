/** A row of a foreign log in words that every format shares. Pure. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Level, Priority } from '../../models/tickets/ticket';
import type { Place } from './place';

/** What of a row Holdfast keeps; null = the log does not say. */
export interface Kept {
  /** In the words of the log. */
  readonly state: string;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly impact: Level | null;
  readonly urgency: Level | null;
  readonly priority: Priority | null;
  readonly category: string | null;
}

/** One event of the log. */
export interface LogRow {
  /** Place in the file; the first row after the header is 1. */
  readonly line: number;
  readonly ticket: string;
  /** Milliseconds; a log without a zone is read as UTC. */
  readonly at: number;
  /** Who wrote the row. */
  readonly author: string;
  /** Where the row leaves the ticket; `same` says nothing about that. */
  readonly place: Place | 'same';
  readonly kept: Kept;
  /** What it is opened with, if this row opens it. */
  readonly opening: {
    readonly caller: string | null;
    readonly service: string | null;
    readonly isMajor: boolean;
  };
  /** What it is resolved with, if this row resolves it. */
  readonly resolution: { readonly code: string | null; readonly by: string | null };
  /** By column, without those that every row changes: who wrote it, when, how often. */
  readonly cells: Readonly<Record<string, string>>;
}

/** Records of a CSV file by their columns, checked; throws naming the bad row. */
export function readRecords<Schema extends z.ZodType>(text: string, schema: Schema) {
  const records: unknown[] = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  return records.map((record, index) => {
    const read = schema.safeParse(record);
    if (read.success) return { line: index + 1, cells: read.data };
    throw new Error(`Row ${index + 1} of the log: ${z.prettifyError(read.error)}`);
  });
}

/** The word of ours for a text of the log; throws naming the row when the table does not have it. */
export function wordOf<Word>(
  words: Readonly<Record<string, Word>>,
  text: string,
  line: number,
): Word {
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  if (word !== undefined) return word;
  throw new Error(`Row ${line} of the log: "${text}" is not in the mapping table.`);
}

/** Milliseconds of an instant `YYYY-MM-DDTHH:MM:SS.000Z`; undefined when there is no such time. */
export function millisecondsOf(iso: string): number | undefined {
  const at = new Date(iso);
  // A day that the month does not have rolls over: then the text is not what was meant.
  return !Number.isNaN(at.getTime()) && at.toISOString() === iso ? at.getTime() : undefined;
}

/** The rows of the first `limit` tickets in the order of the log; all without a limit. */
export function firstTickets(rows: readonly LogRow[], limit = Infinity): LogRow[] {
  const names = [...new Set(rows.map(({ ticket }) => ticket))];
  const chosen = new Set(names.slice(0, limit));
  return rows.filter(({ ticket }) => chosen.has(ticket));
}

/** Items of each ticket, in their order. */
export function byTicket<Item extends { readonly ticket: string }>(
  items: readonly Item[],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.ticket);
    if (group) group.push(item);
    else groups.set(item.ticket, [item]);
  }
  return groups;
}
