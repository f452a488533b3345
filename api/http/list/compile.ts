/** A parsed list query as the parts of a SELECT. */
import type { Actor } from '../../../models/users/actor';
import { conditionSql, type Bind } from '../filter/sql';
import { readCursor, writeCursor, type RowKey, type Seal } from './cursor';
import { afterSql, columnsOf, orderBySql, rowKeySql } from './keyset';
import type { Listing } from './listing';
import type { ListQuery } from './query';

export interface ListContext {
  readonly actor: Pick<Actor, 'id' | 'organizationId'>;
  /** Signs the cursors. */
  readonly secret: string;
  /** The caller's own binds, `$1` to `$n` of its own condition; ours follow. */
  readonly binds?: readonly unknown[];
  /** Those of the columns for `search=` that this actor is shown; default: all. */
  readonly searched?: readonly string[];
  /** Ids among which are all rows that `search=` finds; absent: nobody knows, or they are many. */
  readonly among?: readonly string[] | undefined;
}

export interface CompiledList {
  /** To be selected beside the columns: the key that the next cursor is made of. */
  readonly rowKey: string;
  /** Filter and cursor; `true` when there is neither. */
  readonly where: string;
  readonly binds: readonly unknown[];
  readonly orderBy: string;
  /** One more than the page holds: the extra row says that there are more. */
  readonly limit: number;
  /** The filter alone, for a count. */
  readonly matching: { readonly where: string; readonly binds: readonly unknown[] };
  readonly cursorOf: (key: RowKey) => string;
}

/** Throws invalid_request when the cursor is of another query. */
export function compileList(
  listing: Listing,
  query: ListQuery,
  context: ListContext,
): CompiledList {
  const binds: unknown[] = [...(context.binds ?? [])];
  const bind = (value: unknown) => `$${binds.push(value)}`;
  const conditions = [query.filter, query.q].filter((condition) => condition !== undefined);
  const filter = [
    conditionSql({ and: conditions }, { listing, actor: context.actor, bind }),
    ...searchSql(query.search, context.searched ?? listing.search, bind),
    ...(context.among === undefined
      ? []
      : [`${listing.idSql} = any(${bind(context.among)}::uuid[])`]),
  ].join(' and ');
  const matching = { where: filter, binds: [...binds] };
  const columns = columnsOf(listing, query.sort);
  const seal = sealOf(listing, query, context);
  const after =
    query.cursor === undefined ? [] : [afterSql(columns, readCursor(query.cursor, seal), bind)];
  return {
    rowKey: rowKeySql(columns),
    where: [filter, ...after].map((part) => `(${part})`).join(' and '),
    binds,
    orderBy: orderBySql(columns),
    limit: query.limit + 1,
    matching,
    cursorOf: (key) => writeCursor(key, seal),
  };
}

/**
 * The text as it is, in capital or small letters. Not `ilike`: row-level security hides the statistics, and of
 * `ilike` PostgreSQL then takes for granted that it finds next to nothing, so that it would read and sort all rows for
 * a page of what is found everywhere. Of `strpos` it takes for granted that a third is found, and walks
 * the index of the sort. Rows that are rare are narrowed down before, by `among`.
 */
function searchSql(text: string | undefined, columns: readonly string[], bind: Bind): string[] {
  if (text === undefined) return [];
  const part = `lower(${bind(text)}::text)`;
  const found = columns.map((column) => `strpos(lower(${column}), ${part}) > 0`);
  return [`(${found.join(' or ') || 'false'})`];
}

function sealOf(listing: Listing, query: ListQuery, { actor, secret }: ListContext): Seal {
  const boundTo: unknown[] = [
    listing.name,
    actor.organizationId,
    query.sort,
    query.filter,
    query.q,
  ];
  if (query.search !== undefined) boundTo.push(query.search);
  return { secret, boundTo: JSON.stringify(boundTo) };
}
