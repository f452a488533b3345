/** A parsed list query as the parts of a SELECT. */
import type { Actor } from '../../../models/users/actor';
import { conditionSql } from '../filter/sql';
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
  const filter = conditionSql({ and: conditions }, { listing, actor: context.actor, bind });
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

function sealOf(listing: Listing, query: ListQuery, { actor, secret }: ListContext): Seal {
  const boundTo = [listing.name, actor.organizationId, query.sort, query.filter, query.q];
  return { secret, boundTo: JSON.stringify(boundTo) };
}
