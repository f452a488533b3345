/** One page of rows from the database, and how it looks in a reply. */
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import type { Reply } from '../output/reply';
import { compileList, type CompiledList, type ListContext } from './compile';
import type { RowKey } from './cursor';
import type { Listing } from './listing';
import type { ListQuery } from './query';

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean };
  readonly total?: number;
  readonly totalIsExact?: boolean;
}

/** What is read: columns, tables, and a condition on whose binds `context.binds` is. */
export interface ListSource {
  readonly select: string;
  readonly from: string;
  readonly where?: string;
}

export interface ListRequest {
  readonly listing: Listing;
  readonly query: ListQuery;
  readonly source: ListSource;
  readonly context: ListContext;
}

type Keyed<Row> = Row & { readonly rowKey: RowKey };

const countedExactly = 10_000;

/** Reads one page, and with `count=true` the total. Throws invalid_request for a foreign cursor. */
export async function readPage<Row extends object>(
  tx: Tx,
  { listing, query, source, context }: ListRequest,
): Promise<Page<Row>> {
  const compiled = compileList(listing, query, context);
  const own = source.where ?? 'true';
  const rows = await tx.rowsOf<Keyed<Row>>(
    `select ${source.select}, ${compiled.rowKey} from ${source.from}
      where (${own}) and ${compiled.where}
      order by ${compiled.orderBy} limit ${compiled.limit}`,
    compiled.binds,
  );
  const page = pageOf(rows, compiled);
  if (!query.count) return page;
  const { where, binds } = compiled.matching;
  const [counted] = await tx.rowsOf<{ total: number }>(
    `select count(*)::int as total from (
       select 1 from ${source.from} where (${own}) and (${where}) limit ${countedExactly + 1}) found`,
    binds,
  );
  const total = counted?.total ?? 0;
  return {
    ...page,
    total: Math.min(total, countedExactly),
    totalIsExact: total <= countedExactly,
  };
}

/** Rows with their `rowKey`, one more than the page holds if there are more. */
export function pageOf<Row extends object>(
  rows: readonly Keyed<Row>[],
  compiled: CompiledList,
): Page<Row> {
  const shown = rows.slice(0, compiled.limit - 1);
  const hasMore = rows.length > shown.length;
  const last = shown.at(-1);
  const nextCursor = hasMore && last !== undefined ? compiled.cursorOf(last.rowKey) : null;
  return { data: shown, page: { nextCursor, hasMore } };
}

/** A page as a reply, each row presented. */
export function pageReply<Row, Item>(page: Page<Row>, present: (row: Row) => Item) {
  const body: Page<Item> = { ...page, data: page.data.map(present) };
  return { body, nextCursor: page.page.nextCursor } satisfies Reply;
}

/** Schema of a page of items. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    page: z.object({
      nextCursor: z
        .string()
        .nullable()
        .describe('Send it back as `cursor`; null on the last page.'),
      hasMore: z.boolean(),
    }),
    total: z.int().optional().describe('With `count=true`: how many there are, at most 10,000.'),
    totalIsExact: z.boolean().optional().describe('False when there are more than `total`.'),
  });
}
