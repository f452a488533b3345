/** What a ticket is owed and hears without its life: words about links, that also one that is over takes. */
import type { Database } from '../models/database';
import type { Fact } from '../models/tickets/fact';
import { settleFact, type Alarm } from '../models/tickets/kernel/settle';
import { isLinkFact } from '../models/tickets/linking';
import type { Kernel } from '../models/tickets/rules';

export interface ByRowDeps {
  readonly database: Database;
  readonly kernel: Kernel & { readonly alarm: Alarm };
}

/** One row of the outbox: a message to a ticket. */
export interface OwedMessage {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Whether a message is taken in the row's own transaction, whatever the state of the ticket. */
export function isHeardByRow({ payload }: Pick<OwedMessage, 'payload'>): boolean {
  return typeof payload['name'] === 'string' && isLinkFact(payload['name']);
}

/** Applies a message; once, as its id is its cause. Throws what time cures. */
export async function hearByRow(
  { database, kernel }: ByRowDeps,
  type: string,
  { organizationId, ticketId, id, payload }: OwedMessage,
): Promise<void> {
  // Whoever owed it wrote a whole fact.
  const fact = { ...payload, cause: id, via: 'api' } as Fact;
  await settleFact(database, { organizationId, ticketId, type }, fact, kernel);
}
