/** Order and "after this row" as SQL. Rows without a value come last, whichever way the sort goes. */
import { sqlTypes, type Bind } from '../filter/sql';
import type { RowKey } from './cursor';
import type { Listing, SortKey } from './listing';

/** One column of the order. */
interface Column {
  readonly sql: string;
  readonly type: string;
  readonly descending: boolean;
  readonly nullable: boolean;
}

/** The sort with the id as tie-breaker, which goes the way of the last key: one index can serve both. */
export function columnsOf(listing: Listing, sort: readonly SortKey[]): readonly Column[] {
  const columns = sort.map(({ field: name, descending }) => {
    const field = listing.fields.get(name);
    if (field === undefined) throw new Error(`Unchecked sort field ${name}.`);
    const { sql, nullable } = field;
    return { sql, type: sqlTypes[field.type], descending, nullable };
  });
  const descending = columns.at(-1)?.descending ?? false;
  return [...columns, { sql: listing.idSql, type: 'uuid', descending, nullable: false }];
}

/** `nulls last` only where there can be nulls: an index on a not-null column serves both ways. */
export function orderBySql(columns: readonly Column[]): string {
  return columns
    .map(
      ({ sql, descending, nullable }) =>
        sql + (descending ? ' desc' : '') + (nullable && descending ? ' nulls last' : ''),
    )
    .join(', ');
}

/** The key of a row, to be selected: JSON keeps what a Date of JavaScript would round away. */
export function rowKeySql(columns: readonly Column[]): string {
  return `jsonb_build_array(${columns.map((column) => column.sql).join(', ')}) as "rowKey"`;
}

/** Rows strictly after the one with this key. */
export function afterSql(columns: readonly Column[], key: RowKey, bind: Bind): string {
  const places = columns.map((column, index) => placeOf(column, key[index] ?? null, bind));
  if (isUniform(columns)) {
    const symbol = columns[0]?.descending === true ? '<' : '>';
    const values = places.map((place) => place.value);
    return `(${columns.map((column) => column.sql).join(', ')}) ${symbol} (${values.join(', ')})`;
  }
  const branches = places.map(({ after }, index) =>
    [...places.slice(0, index).map((before) => before.same), after].join(' and '),
  );
  const bound = places[0]?.notBefore ?? 'true';
  return `${bound} and (${branches.map((branch) => `(${branch})`).join(' or ')})`;
}

/** Then one comparison of rows does, which an index answers directly. */
function isUniform(columns: readonly Column[]): boolean {
  return columns.every(
    (column) => !column.nullable && column.descending === columns[0]?.descending,
  );
}

/** How a column compares with its value in the last row. */
function placeOf({ sql, type, descending, nullable }: Column, value: RowKey[number], bind: Bind) {
  if (value === null) {
    return { value: 'null', same: `${sql} is null`, after: 'false', notBefore: `${sql} is null` };
  }
  const bound = `${bind(value)}::${type}`;
  const symbol = descending ? '<' : '>';
  const orNull = (text: string) => (nullable ? `(${text} or ${sql} is null)` : text);
  return {
    value: bound,
    same: `${sql} = ${bound}`,
    after: orNull(`${sql} ${symbol} ${bound}`),
    notBefore: orNull(`${sql} ${symbol}= ${bound}`),
  };
}
