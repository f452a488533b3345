/** The audit log of a ServiceNow instance in the form of the UCI archive: read, checked, put in order. */
import { z } from 'zod';
import { incidents } from '../incidents';
import { millisecondsOf, readRecords, wordOf, type LogRow } from '../log-row';
import { levelOfForeign, placeOfForeign, priorityOfForeign } from './mapping';

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

export const uci = { organization: 'replay', read: readLog, telling: incidents };

/** Rows in the order of their time stamps, equal ones by sys_mod_count; throws naming the bad row. */
export function readLog(text: string): UciRow[] {
  return readRecords(text, Cells)
    .map(({ line, cells }) => rowOf(cells, line))
    .sort(byTime);
}

export type UciRow = LogRow & { readonly modCount: number };

function byTime(one: UciRow, other: UciRow): number {
  return one.at - other.at || one.modCount - other.modCount || one.line - other.line;
}

function rowOf(read: z.infer<typeof Cells>, line: number): UciRow {
  const { sys_mod_count: modCount, sys_updated_at: at, sys_updated_by: author, ...cells } = read;
  return {
    line,
    ticket: read.number,
    at: instantOf(at, line),
    modCount: Number(modCount),
    author,
    place: wordOf(placeOfForeign, read.incident_state, line),
    kept: {
      state: read.incident_state,
      team: said(read.assignment_group),
      assignee: said(read.assigned_to),
      impact: wordIn(levelOfForeign, read.impact, line),
      urgency: wordIn(levelOfForeign, read.urgency, line),
      priority: wordIn(priorityOfForeign, read.priority, line),
      category: said(read.category),
    },
    opening: { caller: said(read.caller_id), service: said(read.cmdb_ci), isMajor: false },
    resolution: { code: said(read.closed_code), by: said(read.resolved_by) },
    cells,
  };
}

/** The cell, or null where the log says that it has nothing. */
export function said(text: string): string | null {
  return text === missing || text === '' ? null : text;
}

function wordIn<Word>(words: Readonly<Record<string, Word>>, text: string, line: number) {
  return said(text) === null ? null : wordOf(words, text, line);
}

const stamp = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d)$/;

/** Milliseconds of `DD-MM-YYYY HH:MM`, read as UTC; throws naming the row. */
export function instantOf(text: string, line: number): number {
  const [, day, month, year, hour, minute] = stamp.exec(text) ?? [];
  const at = millisecondsOf(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:00.000Z`,
  );
  if (at !== undefined) return at;
  throw new Error(`Row ${line} of the log: "${text}" is not a time DD-MM-YYYY HH:MM.`);
}
