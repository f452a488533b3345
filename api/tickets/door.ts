/** What the routes of tickets work with, and how a request becomes a fact. */
import type { Logger } from 'pino';
import type { Lives } from '../../engine/lives';
import type { Database, Tx } from '../../models/database';
import type { Instant } from '../../models/instant';
import type { Fact } from '../../models/tickets/fact';
import type { Kernel } from '../../models/tickets/rules';
import type { Alarm } from '../../models/tickets/kernel/settle';
import type { Actor } from '../../models/users/actor';
import { rightsOf } from '../../models/users/rights';
import type { Ticket } from '../../models/tickets/ticket';
import { workflowIdOf } from '../../workflows/process';
import type { About } from '../http/call';
import type { RequestContext } from '../http/request';

export interface TicketDeps {
  readonly database: Database;
  readonly lives: Lives;
  readonly kernel: Kernel & { readonly alarm: Alarm };
  /** Signs the cursors. */
  readonly secret: string;
  readonly log: Logger;
}

export interface Caller {
  readonly actor: Actor;
  readonly request: RequestContext;
}

/** By what a ticket is found in the logs and in the engine. */
export function aboutLife(
  { actor }: Caller,
  { ticket }: { readonly ticket: Pick<Ticket, 'id' | 'type' | 'number'> },
): About {
  const workflowId = workflowIdOf(actor.organizationSlug, ticket.type, ticket.number);
  return { ticketId: ticket.id, workflowId };
}

/** A request as a fact: what it repeats has the same cause and keeps the instant of the first. */
export function factOf<Input>(
  { actor, request }: Caller,
  name: string,
  input: Input,
  receivedAt: Instant,
): Fact<Input> {
  return {
    cause: request.commandId,
    name,
    input,
    actor: {
      ...{ kind: 'person', id: actor.id, name: actor.name, ...rightsOf(actor) },
      ...(actor.standsFor && { standsFor: actor.standsFor }),
    },
    via: 'api',
    occurredAt: receivedAt,
    requestId: request.id,
    ifMatch: request.ifMatch,
  };
}

/** When it was received first, never before the ticket was there and never in the future. */
export async function receivedAt(
  { request }: Caller,
  tx: Tx,
  openedAt: Instant = '',
): Promise<Instant> {
  const now = await tx.now();
  const first = request.receivedAt ?? now;
  const notEarly = first < openedAt ? openedAt : first;
  return notEarly > now ? now : notEarly;
}
