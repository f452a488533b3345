/** Many tickets, a few at a time. */
import type { Database } from '../models/database';

export interface TicketKey {
  readonly organizationId: string;
  readonly ticketId: string;
}

/** Takes each item as it comes, at most `width` at once; the first error ends it. */
export async function fewAtATime<T>(
  items: AsyncIterable<T> | Iterable<T>,
  width: number,
  take: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  for await (const item of items) {
    const one = take(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(one));
    running.add(one);
    if (running.size >= width) await Promise.race(running);
    if (failure) break;
  }
  await Promise.all(running);
  if (failure) throw failure.error;
}

const zero = '00000000-0000-0000-0000-000000000000';

/** Every unsettled ticket of every organization, read page by page. */
export async function* unsettled(database: Database, pageSize = 200): AsyncGenerator<TicketKey> {
  let last: TicketKey = { organizationId: zero, ticketId: zero };
  for (;;) {
    const page = await database.unscoped<TicketKey>(
      `select organization_id as "organizationId", ticket_id as "ticketId"
         from unsettled_tickets($1, $2, $3)`,
      [last.organizationId, last.ticketId, pageSize],
    );
    yield* page;
    const end = page.at(-1);
    if (!end || page.length < pageSize) return;
    last = end;
  }
}
