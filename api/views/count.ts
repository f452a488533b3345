/** How many tickets each of several lists has, as somebody sees them: exact up to a bound, in bounded time. */
import type { Tx } from '../../models/database';
import type { Actor } from '../../models/users/actor';
import { compileList } from '../http/list/compile';
import type { ListQuery } from '../http/list/query';
import type { TicketList } from '../tickets/list';

export interface Asked {
  readonly id: string;
  readonly list: TicketList;
  readonly query: ListQuery;
}

/** By id; null: it took too long. One more than `mostCounted` means that there are more. */
type Counts = ReadonlyMap<string, number | null>;

export const mostCounted = 1_000;

/** For all of them in one statement; if that takes longer, for each by itself, and for all of these. */
interface Patience {
  readonly togetherMs: number;
  readonly eachMs: number;
  readonly altogetherMs: number;
}

const usual: Patience = { togetherMs: 1_500, eachMs: 250, altogetherMs: 2_500 };

export async function countAll(
  tx: Tx,
  asked: readonly Asked[],
  by: { readonly actor: Actor; readonly secret: string },
  patience: Patience = usual,
): Promise<Counts> {
  if (asked.length === 0) return new Map();
  const together = await countWithin(tx, asked, by, patience.togetherMs);
  if (together !== undefined) return together;
  const counts = new Map<string, number | null>();
  const until = performance.now() + patience.altogetherMs;
  for (const one of asked) {
    const leftMs = Math.min(patience.eachMs, Math.floor(until - performance.now()));
    const found = leftMs > 0 ? await countWithin(tx, [one], by, leftMs) : undefined;
    counts.set(one.id, found?.get(one.id) ?? null);
  }
  return counts;
}

/** Undefined: not in that time. The transaction goes on as if it had not been asked. */
async function countWithin(
  tx: Tx,
  asked: readonly Asked[],
  by: { readonly actor: Actor; readonly secret: string },
  milliseconds: number,
): Promise<Counts | undefined> {
  const { sql, binds } = statementOf(asked, by);
  await tx.rows('savepoint counting');
  // What is cancelled soon is not worth being compiled.
  await tx.rows(
    `select set_config('statement_timeout', $1, true), set_config('jit', 'off', true)`,
    [String(milliseconds)],
  );
  try {
    const rows = await tx.rowsOf<{ id: string; count: number }>(sql, binds);
    await tx.rows('release savepoint counting');
    return new Map(rows.map(({ id, count }) => [id, count]));
  } catch (error) {
    if (!wasCancelled(error)) throw error;
    // With it goes what was set.
    await tx.rows('rollback to savepoint counting');
    return undefined;
  }
}

function statementOf(asked: readonly Asked[], by: { actor: Actor; secret: string }) {
  let binds: unknown[] = [by.actor.organizationId];
  const parts = asked.map(({ id, list, query }) => {
    const { from, where = 'true' } = list.seenBy(by.actor, (value) => `$${binds.push(value)}`);
    const { matching } = compileList(list.listing, query, { ...by, binds });
    binds = [...matching.binds];
    const rows = `select 1 from ${from} where (${where}) and (${matching.where})`;
    return `select $${binds.push(id)}::text as id,
                   (select count(*)::int from (${rows} limit ${mostCounted + 1}) found) as count`;
  });
  return { sql: parts.join('\nunion all\n'), binds };
}

const queryCanceled = '57014';

function wasCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === queryCanceled;
}
