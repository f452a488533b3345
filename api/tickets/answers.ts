/**
 * Answers to a ticket that waits for people: a row of the outbox first, its signal second. So an answer is
 * taken also while the engine is away, and what came of it is read from the ticket's record.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fact, Outcome } from '../../models/tickets/fact';
import { owe } from '../../models/tickets/kernel/record';
import { recordedOutcome } from '../../models/tickets/kernel/outcome';
import type { Process } from '../../models/tickets/rules';
import { answerOf, certain, type Answer, type Sent } from './commands';
import { aboutLife, factOf, receivedAt, type Caller, type TicketDeps } from './door';
import { selectTicket, type Found } from './select';
import { actorOn, viewerOf } from './sight';

/** As long as for a command: a crash of the engine is survived within one call. */
const patienceMs = 8_000;
const firstPauseMs = 15;
const longestPauseMs = 500;

/** Gives an answer; throws the Refusal that it met. */
export async function sendAnswer(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  sent: Sent,
): Promise<Answer> {
  const { organizationId } = caller.actor;
  const viewer = viewerOf(process, caller.actor);
  const { found, fact, known } = await deps.database.inOrganization(organizationId, async (tx) => {
    const seen = await selectTicket(tx, viewer, sent.idOrNumber);
    const at = await receivedAt(caller, tx, seen.ticket.openedAt);
    const before = process.seenBy?.(seen.ticket.details);
    const asked = {
      ...factOf({ ...caller, actor: actorOn(seen, caller.actor) }, sent.name, sent.input, at),
      ...(before !== undefined && { seen: before }),
    };
    const outcome = await certain(tx, { deps, process }, seen, asked);
    if (!outcome) await owe(tx, owedBy(asked, seen));
    return { found: seen, fact: asked, known: outcome };
  });
  caller.request.note(aboutLife(caller, found));
  const outcome = known ?? (await heard(deps, organizationId, found, fact));
  return answerOf(deps, process, caller, { found, fact, outcome });
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
  deps: TicketDeps,
  organizationId: string,
  { ticket }: Found,
  { cause, name, requestId }: Fact,
): Promise<Outcome | undefined> {
  const ticketId = ticket.id;
  try {
    const living = await deps.lives.find(organizationId, ticketId);
    if (living) await deps.lives.signal(living, name, { cause, ticketId });
  } catch (error) {
    deps.log.warn({ ticketId, commandId: cause, requestId, err: error }, 'left to the outbox');
    return undefined;
  }
  const deadline = Date.now() + patienceMs;
  for (let wait = firstPauseMs; Date.now() < deadline; wait = Math.min(wait * 2, longestPauseMs)) {
    await pause(wait);
    const outcome = await deps.database.inOrganization(organizationId, (tx) =>
      recordedOutcome(tx, ticketId, cause),
    );
    if (outcome) return outcome;
  }
  return undefined;
}
