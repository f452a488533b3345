/** How far a replay is, kept in a folder: one line for each row that is decided. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { priorities } from '../../models/tickets/ticket';
import { places } from './place';
import type { Told } from './telling';
import { fates, type RowTale } from './turn';

const Entry = z.object({
  tale: z.object({
    line: z.number(),
    ticket: z.string(),
    fate: z.enum(fates),
    why: z.string(),
    commands: z.number(),
    stoppedAt: z
      .enum(places)
      .optional()
      .transform((place) => place),
  }),
  told: z
    .object({
      id: z.string(),
      number: z.string(),
      seen: z.object({
        state: z.string(),
        holdReason: z.string().nullable(),
        hasAssignee: z.boolean(),
        override: z.enum(priorities).nullable(),
        isMajor: z.boolean().default(false),
        owesReview: z.boolean().default(false),
      }),
    })
    .optional(),
});

interface Known {
  readonly tale: RowTale;
  readonly told: Told | undefined;
}

export interface Journal {
  /** What became of a row in an earlier run; undefined when that is not known. */
  entryOf(line: number): Known | undefined;
  /** Keeps what became of a row; `told` is its ticket after it. */
  keep(tale: RowTale, told: Told | undefined): void;
}

/** Opens or begins the journal of this log in a folder; throws when it is of another log. */
export function openJournal(folder: string, log: string): Journal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'progress.jsonl');
  const title = JSON.stringify({ log: createHash('sha256').update(log).digest('hex') });
  const [head, ...lines] = wholeLines(path);
  if (head === undefined) appendFileSync(path, `${title}\n`);
  else if (head !== title) throw new Error(`${path} is the progress of another log.`);
  const known = new Map(
    lines.map((line) => {
      const { tale, told } = Entry.parse(JSON.parse(line));
      return [tale.line, { tale: { ...tale, stoppedAt: tale.stoppedAt }, told }] as const;
    }),
  );
  return {
    entryOf: (line) => known.get(line),
    // Written at once: what a killed run has not written is said again, under the same keys.
    keep: (tale, told) => {
      appendFileSync(path, `${JSON.stringify({ tale, told })}\n`);
    },
  };
}

/** Lines that were written to their end; what a killed run left behind them is cut off. */
function wholeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf('\n') + 1;
  truncateSync(path, end);
  return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
}
