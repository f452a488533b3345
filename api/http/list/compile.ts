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
 * The text as it is: what `like` would read as a wildcard stands for itself. All rows of the organization are
 * looked at: below row-level security PostgreSQL asks no trigram index, as `ilike` is not leakproof.
 */
function searchSql(text: string | undefined, columns: readonly string[], bind: Bind): string[] {
  if (text === undefined) return [];
  const pattern = `${bind(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`)}::text`;
  return [`(${columns.map((column) => `${column} ilike ${pattern}`).join(' or ') || 'false'})`];
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
