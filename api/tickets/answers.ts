/**
 * Answers to a ticket that waits for people: a row of the outbox first, its signal second. So an answer is
 * taken also while the engine is away, and what came of it is read from the ticket's record.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { forgetArrived, type Owed } from '../../engine/outbox';
import type { Fact, Outcome } from '../../models/tickets/fact';
import { owe } from '../../models/tickets/kernel/record';
import { readOutcome } from '../../models/tickets/kernel/outcome';
import type { Process } from '../../models/tickets/rules';
import { tellLife, type Answer, type Sent, type Telling } from './commands';
import type { Caller, TicketDeps } from './door';
import type { Found } from './select';

/** As long as for a command: a crash of the engine is survived within one call. */
const patienceMs = 8_000;
const firstPauseMs = 15;
const longestPauseMs = 500;

/** Gives an answer; throws the Refusal that it met. */
export function sendAnswer(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  sent: Sent,
): Promise<Answer> {
  return tellLife({ deps, process, caller }, sent, {
    written: (tx, found, fact) => owe(tx, owedBy(fact, found)),
    heard: (found, fact) => heard({ deps, caller }, found, fact),
  });
}

/** The sweeper delivers it when this process ends before it does. */
function owedBy(
  { cause, name, input, actor, occurredAt, requestId, seen }: Fact,
  { ticket }: Found,
) {
  const payload = { name, input, actor, occurredAt, requestId, seen };
  return { ticketId: ticket.id, id: cause, kind: 'signal' as const, name, payload };
}

/** Tells the life, then looks for the outcome for a bounded time; undefined when it is not known yet. */
async function heard(
  { deps, caller }: Pick<Telling, 'deps' | 'caller'>,
  { ticket }: Found,
  { cause, name, requestId }: Fact,
): Promise<Outcome | undefined> {
  const { organizationId, organizationSlug: slug } = caller.actor;
  const owed = { organizationId, ticketId: ticket.id, id: cause };
  try {
    const payload = { cause, ticketId: ticket.id };
    const isThere = await deps.lives.tell({ slug, ticket }, name, payload);
    // A life that is not there is begun by whoever sweeps, and told then.
    if (!isThere) return await outcomeIn(deps, owed);
  } catch (error) {
    const about = { ticketId: ticket.id, commandId: cause, requestId };
    deps.log.warn({ ...about, err: error }, 'left to the outbox');
    return undefined;
  }
  const outcome = await outcomeIn(deps, owed);
  if (outcome) await forgetArrived(deps.database, owed);
  return outcome;
}

async function outcomeIn({ database }: TicketDeps, owed: Owed): Promise<Outcome | undefined> {
  const { organizationId, ticketId, id } = owed;
  const deadline = Date.now() + patienceMs;
  for (let wait = firstPauseMs; Date.now() < deadline; wait = Math.min(wait * 2, longestPauseMs)) {
    await pause(wait);
    const outcome = await readOutcome(database, organizationId, { ticketId, cause: id });
    if (outcome) return outcome;
  }
  return undefined;
}
