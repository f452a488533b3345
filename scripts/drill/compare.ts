/** A ticket before and after: what must be equal, and what may have been added. Pure. */
import { z } from 'zod';
import type { TicketRecord } from './record';

type Records = ReadonlyMap<string, TicketRecord>;

/** What differs between the instant of the dump and the restored rows; nothing may. */
export function differences(dumped: Records, restored: Records): string[] {
  const missing = [...dumped.values()].filter(({ id }) => !restored.has(id));
  const added = [...restored.values()].filter(({ id }) => !dumped.has(id));
  const changed = [...dumped.values()].flatMap((before) => {
    const after = restored.get(before.id);
    return after === undefined ? [] : differing(before, after);
  });
  return [
    ...missing.map(({ name }) => `${name} is missing`),
    ...added.map(({ name }) => `${name} was not in the dump`),
    ...changed,
  ];
}

function differing(before: TicketRecord, after: TicketRecord): string[] {
  const parts = ['row', 'feed', 'rest', 'owed'] as const;
  return parts
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
    .map((part) => `${before.name}: its ${part} is another`);
}

/** A line of a feed as far as it is judged here. */
const Line = z.object({
  version: z.number(),
  cause: z.string(),
  via: z.string(),
  occurred_at: z.string(),
});

export interface Overdue {
  readonly entries: number;
  /** What is wrong with how lives went on. */
  readonly wrong: readonly string[];
}

/**
 * Lives that went on by themselves, with nobody asking: feeds are as dumped with new lines at their
 * end, every new one stands for an entry of the agenda at its instant, and no entry that is due at
 * `now` is left. Instants are ISO 8601.
 */
export function judgeOverdue(dumped: Records, after: Records, now: string): Overdue {
  const wrong: string[] = [];
  let entries = 0;
  for (const before of dumped.values()) {
    const due = before.agenda.filter(({ at }) => at <= now);
    entries += due.length;
    const there = after.get(before.id);
    wrong.push(...(there ? wrongWith(before, there, now) : [`${before.name} is missing`]));
  }
  return { entries, wrong };
}

function wrongWith(before: TicketRecord, after: TicketRecord, now: string): string[] {
  const { name } = before;
  const isQuiet = after.feed.length === before.feed.length;
  const isKept = before.feed.every((line, k) => line === after.feed[k]);
  const lines = after.feed.slice(before.feed.length).map((text) => Line.parse(JSON.parse(text)));
  const causes = lines.map(({ cause }) => cause);
  return [
    ...(isKept ? [] : [`${name}: lines of its feed changed`]),
    ...(isQuiet && (before.row !== after.row || before.rest !== after.rest)
      ? [`${name}: it changed without a line in its feed`]
      : []),
    ...(after.owed.length === 0 ? [] : [`${name}: ${after.owed.join(', ')} was not delivered`]),
    ...(after.feed.length === after.version ? [] : [`${name}: its feed has a gap`]),
    ...lines
      .filter((line) => !isOfItsInstant(line))
      .map((l) => `${name}: ${l.cause} is not of its instant`),
    ...(new Set(causes).size === causes.length ? [] : [`${name}: a cause stands twice`]),
    ...before.agenda
      .filter(({ at, key, n }) => at <= now && !isHandled(`${key}@${at}/${n}`, before, after))
      .map(({ key, at }) => `${name}: ${key} of ${at} was not acted on`),
    ...after.agenda
      .filter(({ at }) => at <= now)
      .map(({ key }) => `${name}: ${key} is still overdue`),
  ];
}

/** `sla.resolution.100@2026-11-22T10:00:00.000Z/3`, and what followed from it: `...#1`. */
function isOfItsInstant({ cause, via, occurred_at: at }: z.infer<typeof Line>): boolean {
  const [, instant] = /@(.+?)\/\d+(?:#\d+)?$/.exec(cause) ?? [];
  return via === 'engine' && instant !== undefined && Date.parse(instant) === Date.parse(at);
}

/** It has its line, or an earlier line took it off the agenda again. */
function isHandled(cause: string, before: TicketRecord, after: TicketRecord): boolean {
  const lines = after.feed.slice(before.feed.length).map((text) => Line.parse(JSON.parse(text)));
  if (lines.some((line) => line.cause === cause)) return true;
  const instantOf = (one: string) => /@(.+?)\//.exec(one)?.[1] ?? '';
  return lines.some((line) => instantOf(line.cause) < instantOf(cause));
}

/** Facts that happened after the dump, by what is in `lost` and not in `dumped`. */
export function lostSince(dumped: Records, lost: Records): { tickets: number; lines: number } {
  const lines = [...lost.values()].map(
    (after) => after.feed.length - (dumped.get(after.id)?.feed.length ?? 0),
  );
  return {
    tickets: [...lost.keys()].filter((id) => !dumped.has(id)).length,
    lines: lines.reduce((sum, n) => sum + n, 0),
  };
}
