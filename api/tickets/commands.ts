/** Commands to tickets: refused from the row when that is certain, else decided by the ticket's life. */
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import type { Fact, Outcome } from '../../models/tickets/fact';
import { refuseUnlessAllowed } from '../../models/tickets/guard';
import { recordedOutcome } from '../../models/tickets/kernel/outcome';
import type { Process } from '../../models/tickets/rules';
import { settleFact } from '../../models/tickets/kernel/settle';
import type { Command } from '../../workflows/life/wire';
import { decideInLife } from './decide';
import { aboutLife, factOf, receivedAt, type Caller, type TicketDeps } from './door';
import { refuseNoisy } from './noise';
import { readActedOn, selectTicket, type Found } from './select';
import { actorOn, viewerOf } from './sight';

export interface Sent {
  readonly idOrNumber: string;
  readonly name: string;
  readonly input: unknown;
}

/** Decided: the ticket after it. Not decided yet: only where to ask again. */
export type Answer =
  | { readonly found: Found; readonly commandId?: undefined }
  | { readonly found?: undefined; readonly commandId: string };

/** Gives a command; throws the Refusal that it met. */
export function sendCommand(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  sent: Sent,
): Promise<Answer> {
  const heard = (found: Found, fact: Fact) => decide(deps, caller, found, fact);
  return tellLife({ deps, process, caller }, sent, { heard });
}

export interface Telling {
  readonly deps: TicketDeps;
  readonly process: Process;
  readonly caller: Caller;
}

/** How what is said to a ticket travels to its life. */
export interface Way {
  /** What is written for it, in the transaction that has read the ticket. */
  readonly written?: (tx: Tx, found: Found, fact: Fact) => Promise<void>;
  /** What came of it; undefined when that is not known yet. */
  readonly heard: (found: Found, fact: Fact) => Promise<Outcome | undefined>;
}

/** Says something to a ticket's life: refused from the row when that is certain. Throws the Refusal that it met. */
export async function tellLife(
  { deps, process, caller }: Telling,
  sent: Sent,
  way: Way,
): Promise<Answer> {
  const { organizationId } = caller.actor;
  const viewer = viewerOf(process, caller.actor);
  const { found, fact, known } = await deps.database.inOrganization(organizationId, async (tx) => {
    const seen = await selectTicket(tx, viewer, sent.idOrNumber);
    const at = await receivedAt(caller, tx, seen.ticket.openedAt);
    const by = { ...caller, actor: actorOn(seen, caller.actor) };
    const before = process.seenBy?.(seen.ticket.details);
    const asked = {
      ...factOf(by, sent.name, sent.input, at),
      ...(before !== undefined && { seen: before }),
    };
    const outcome = await certain(tx, { deps, process }, seen, asked);
    if (!outcome) await way.written?.(tx, seen, asked);
    return { found: seen, fact: asked, known: outcome };
  });
  caller.request.note(aboutLife(caller, found));
  const outcome = known ?? (await way.heard(found, fact));
  if (outcome === undefined) return { commandId: await promise(deps, caller, found, fact) };
  refuse(outcome, viewer.type);
  return { found: await readActedOn(deps.database, viewer, found.ticket.id) };
}

/**
 * A refusal that the row makes certain, unless this very command was decided before: its answer may
 * have been lost, and what it changed is why the state now forbids it.
 */
async function certain(
  tx: Tx,
  { deps, process }: { deps: TicketDeps; process: Process },
  { ticket }: Found,
  fact: Fact,
): Promise<Outcome | undefined> {
  try {
    refuseUnlessAllowed(process.declaration, ticket, fact);
    await refuseNoisy(tx, ticket, deps.log);
    return undefined;
  } catch (refusal) {
    const known = await recordedOutcome(tx, ticket.id, fact.cause);
    if (known) return known;
    throw refusal;
  }
}

async function decide(
  deps: TicketDeps,
  { actor }: Caller,
  { ticket, isSettled }: Found,
  fact: Fact,
): Promise<Outcome | undefined> {
  if (isSettled) {
    const { id: ticketId, type, organizationId } = ticket;
    const door = { organizationId, ticketId, type };
    return (await settleFact(deps.database, door, fact, deps.kernel)).outcome;
  }
  const life = { slug: actor.organizationSlug, ticket };
  return decideInLife(deps, actor.organizationId, life, commandOf(ticket.id, fact));
}

function commandOf(ticketId: string, fact: Fact): Command {
  const { cause, name, input, actor, occurredAt, requestId, ifMatch } = fact;
  return {
    ...{ ticketId, cause, name, input, actor, receivedAt: occurredAt },
    ...(requestId === undefined ? {} : { requestId }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
}

/** Remembers where the outcome of an undecided command will be found. */
async function promise(
  deps: TicketDeps,
  { actor }: Caller,
  { ticket }: Found,
  fact: Fact,
): Promise<string> {
  await deps.database.inOrganization(actor.organizationId, (tx) =>
    tx.rows(
      `insert into pending_commands (organization_id, id, actor_id, ticket_id, name, received_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [actor.organizationId, fact.cause, actor.id, ticket.id, fact.name, fact.occurredAt],
    ),
  );
  return fact.cause;
}

/** Throws what a fact met, if it was not applied. */
export function refuse(outcome: Outcome, type: string): void {
  if (outcome.kind === 'refused' || outcome.kind === 'failed') {
    throw new Refusal(outcome.code, outcome.message, outcome.details);
  }
  if (outcome.kind === 'gone') throw new Refusal('not_found', `There is no such ${type}.`);
}
