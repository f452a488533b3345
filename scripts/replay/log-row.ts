/** The audit log of a ServiceNow instance in the form of the UCI archive: read, checked, put in order. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Level, Priority } from '../../models/tickets/ticket';
import { levelOfForeign, placeOfForeign, priorityOfForeign } from './mapping';

/** What of a row Holdfast keeps; null = the log does not say. */
export interface Kept {
  readonly state: string;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly impact: Level | null;
  readonly urgency: Level | null;
  readonly priority: Priority | null;
  readonly category: string | null;
}

/** One audit event. */
export interface LogRow {
  /** Place in the file; the first row after the header is 1. */
  readonly line: number;
  readonly ticket: string;
  /** Milliseconds; the log has no zone, UTC is assumed. */
  readonly at: number;
  readonly modCount: number;
  readonly updatedBy: string;
  readonly kept: Kept;
  readonly cells: Readonly<Record<string, string>>;
}

const missing = '?';
const cell = z.string();

/** Columns that the replay reads; the others are only compared. */
const Cells = z
  .object({
    number: cell.min(1),
    incident_state: cell,
    sys_mod_count: z.string().regex(/^\d+$/, 'must be a whole number'),
    sys_updated_by: cell,
    sys_updated_at: cell,
    caller_id: cell,
    category: cell,
    cmdb_ci: cell,
    impact: cell,
    urgency: cell,
    priority: cell,
    assignment_group: cell,
    assigned_to: cell,
    closed_code: cell,
    resolved_by: cell,
  })
  .catchall(cell);

/** Rows in the order of their time stamps, equal ones by sys_mod_count; throws naming the bad row. */
export function readLog(text: string): LogRow[] {
  const records: unknown[] = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  return records.map((record, index) => rowOf(record, index + 1)).sort(byTime);
}

function byTime(one: LogRow, other: LogRow): number {
  return one.at - other.at || one.modCount - other.modCount || one.line - other.line;
}

function rowOf(record: unknown, line: number): LogRow {
  const read = Cells.safeParse(record);
  if (!read.success) throw new Error(`Row ${line} of the log: ${z.prettifyError(read.error)}`);
  const cells = read.data;
  return {
    line,
    ticket: cells.number,
    at: instantOf(cells.sys_updated_at, line),
    modCount: Number(cells.sys_mod_count),
    updatedBy: cells.sys_updated_by,
    kept: {
      state: stateOf(cells.incident_state, line),
      team: said(cells.assignment_group),
      assignee: said(cells.assigned_to),
      impact: wordOf(levelOfForeign, cells.impact, line),
      urgency: wordOf(levelOfForeign, cells.urgency, line),
      priority: wordOf(priorityOfForeign, cells.priority, line),
      category: said(cells.category),
    },
    cells,
  };
}

/** The cell, or null where the log says that it has nothing. */
export function said(text: string | undefined): string | null {
  return text === undefined || text === missing || text === '' ? null : text;
}

function stateOf(text: string, line: number): string {
  known(placeOfForeign, text, line);
  return text;
}

function wordOf<Word>(words: Readonly<Record<string, Word>>, text: string, line: number) {
  return said(text) === null ? null : known(words, text, line);
}

function known<Word>(words: Readonly<Record<string, Word>>, text: string, line: number): Word {
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  if (word !== undefined) return word;
  throw new Error(`Row ${line} of the log: "${text}" is not in the mapping table.`);
}

const stamp = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d)$/;

/** `DD-MM-YYYY HH:MM`, read as UTC. */
function instantOf(text: string, line: number): number {
  const [, day, month, year, hour, minute] = stamp.exec(text) ?? [];
  const iso = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:00.000Z`;
  const at = new Date(iso);
  // A day that the month does not have rolls over: then the text is not what was meant.
  if (!Number.isNaN(at.getTime()) && at.toISOString() === iso) return at.getTime();
  throw new Error(`Row ${line} of the log: "${text}" is not a time DD-MM-YYYY HH:MM.`);
}

/** The rows of the first `limit` tickets in the order of the log; all without a limit. */
export function firstTickets(rows: readonly LogRow[], limit = Infinity): LogRow[] {
  const names = [...new Set(rows.map(({ ticket }) => ticket))];
  const chosen = new Set(names.slice(0, limit));
  return rows.filter(({ ticket }) => chosen.has(ticket));
}

export function byTicket(rows: readonly LogRow[]): Map<string, LogRow[]> {
  const groups = new Map<string, LogRow[]>();
  for (const row of rows) {
    const group = groups.get(row.ticket);
    if (group) group.push(row);
    else groups.set(row.ticket, [row]);
  }
  return groups;
}
