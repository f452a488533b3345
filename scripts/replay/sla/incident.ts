/** An incident of the UCI log with its own instants and its mark `made_sla`. Pure. */
import { z } from 'zod';
import { toInstant, type Instant } from '../../../models/instant';
import type { Priority } from '../../../models/tickets/ticket';
import { byTicket } from '../log-row';
import type { Place } from '../place';
import { instantOf, said, type UciRow } from '../uci/log-row';

export interface Turn {
  /** Place of the row in the file. */
  readonly line: number;
  readonly at: Instant;
  readonly place: Place | 'same';
  readonly priority: Priority;
  /** `made_sla` as of this row. */
  readonly isMet: boolean;
}

/** `openedAt`, `resolvedAt`, `closedAt`: columns of the last row; null = `?`. */
export interface MarkedIncident {
  readonly openedAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly closedAt: Instant | null;
  /** The first row that closes it; `closed_at` is that of the last one. */
  readonly firstClosedAt: Instant | null;
  /** The rows in their order. */
  readonly turns: readonly Turn[];
  /** Of the last row. */
  readonly priority: Priority;
  readonly isMet: boolean;
}

const cell = z.string();
const mark = z.enum(['TRUE', 'FALSE']);
const Marks = z.object({ opened_at: cell, resolved_at: cell, closed_at: cell, made_sla: mark });

/** The incidents in the order in which the log begins them; throws naming the row that cannot be read. */
export function incidentsOf(rows: readonly UciRow[]): MarkedIncident[] {
  return [...byTicket(rows).values()].map((some) => incidentOf(some.map(readingOf)));
}

type Reading = ReturnType<typeof readingOf>;

function incidentOf(rows: readonly Reading[]): MarkedIncident {
  const last = rows.at(-1);
  if (last === undefined) throw new Error('An incident has no rows.');
  const turns = rows.map(({ turn }) => turn);
  const firstClosedAt = turns.find(({ place }) => place === 'closed')?.at ?? null;
  const { priority, isMet } = last.turn;
  return { ...last.columns, firstClosedAt, turns, priority, isMet };
}

function readingOf({ line, at, place, kept: { priority }, cells }: UciRow) {
  const read = Marks.safeParse(cells);
  if (!read.success) throw new Error(`Row ${line} of the log: ${z.prettifyError(read.error)}`);
  if (priority === null) throw new Error(`Row ${line} of the log has no priority.`);
  const instant = (text: string) => toInstant(instantOf(text, line));
  const known = (text: string) => (said(text) === null ? null : instant(text));
  const marks = read.data;
  const turn: Turn = { line, at: toInstant(at), place, priority, isMet: marks.made_sla === 'TRUE' };
  const ends = { resolvedAt: known(marks.resolved_at), closedAt: known(marks.closed_at) };
  return { turn, columns: { openedAt: instant(marks.opened_at), ...ends } };
}
