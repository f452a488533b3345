/**
 * The step of every life. Changes a ticket by one fact in one transaction. Repeating it is safe: a fact
 * whose cause is recorded answers its recorded outcome. No failure is final: only outages are thrown.
 */
import { v7 } from 'uuid';
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import { toInstant, type Instant } from '../../models/instant';
import { holdfast, kernelFacts } from '../../models/tickets/fact';
import type { Denied, Fact, Outcome } from '../../models/tickets/fact';
import { idFrom } from '../../models/tickets/identity';
import { recordRefusal } from '../../models/tickets/kernel/outcome';
import type { Kernel, Process } from '../../models/tickets/rules';
import { settleFact, type Alarm } from '../../models/tickets/kernel/settle';
import type { StepAnswer, StepRequest } from '../../workflows/life/wire';
import { inputOf, originOf, type Origin } from './reading';
import { readLiving, viewOf } from '../../engine/view';

export interface StepDeps {
  readonly database: Database;
  readonly kernel: Kernel & { readonly alarm: Alarm };
  readonly now: () => Date;
}

/** What a step tells beside its answer, which is written into a history. */
export interface Aside {
  /** The cause was recorded before: nothing was applied. */
  readonly isKnown: boolean;
  /** Since when each agenda entry could be handled that was. */
  readonly handled: readonly Instant[];
  /** The outbox has something for others. */
  readonly owesOthers: boolean;
}

export type Step = ReturnType<typeof createStep>;

export function createStep(deps: StepDeps) {
  return async function step(
    request: StepRequest,
    tell: (aside: Aside) => void,
  ): Promise<StepAnswer> {
    const { organizationId, ticketId, type, life } = request;
    const process = deps.kernel.processOf(type);
    if (request.fact.name === kernelFacts.look) return lookAt(deps, request);
    const origin = await originOf(deps.database, request);
    if (origin.known) {
      tell({ isKnown: true, handled: [], owesOthers: false });
      return repeat(deps, request, origin.known);
    }
    const fact = factOf(deps, process, request, origin);
    if (fact instanceof Unreadable) return refuse(deps, request, fact);
    const door = { organizationId, ticketId, type, life };
    const applied = await settleFact(deps.database, door, fact, deps.kernel);
    const { outcome, ticket, terms, isKnown = false, handled = [], owesOthers = false } = applied;
    tell({ isKnown, handled, owesOthers });
    return ticket && terms ? { outcome, view: viewOf(process, ticket, terms) } : { outcome };
  };
}

/** A fact that cannot be read: kept by its cause with the reason, so that it is refused once. */
class Unreadable {
  constructor(
    readonly fact: Fact,
    readonly refusal: Refusal,
  ) {}
}

/** Names are short; what somebody typed by hand need not be. */
const longestName = 100;

/** What a message says, with what a hand-made one leaves out. */
function factOf(
  deps: StepDeps,
  process: Process,
  { ticketId, fact }: StepRequest,
  { owed }: Origin,
): Fact | Unreadable {
  const message = owed ? { ...fact, ...owed, via: 'api' as const } : fact;
  const { cause = v7() } = message;
  const read: Fact = {
    // Sent twice by hand it is taken once, but it cannot pass for a fact of the service.
    cause: message.via === 'signal' ? idFrom(ticketId, cause, 'signal') : cause,
    name: message.name.slice(0, longestName),
    input: message.input ?? {},
    actor: message.actor ?? holdfast,
    via: message.via,
    occurredAt: message.occurredAt ?? toInstant(deps.now()),
    requestId: message.requestId,
    ifMatch: message.ifMatch,
    seen: message.seen,
  };
  if (fact.ticketId !== undefined && fact.ticketId !== ticketId) {
    return new Unreadable(read, new Refusal('invalid_request', 'It is for another ticket.'));
  }
  try {
    return { ...read, input: inputOf(process, read, owed !== undefined) };
  } catch (error) {
    if (error instanceof Refusal) return new Unreadable(read, error);
    throw error;
  }
}

async function refuse(
  { database, kernel }: StepDeps,
  { organizationId, ticketId }: StepRequest,
  { fact, refusal }: Unreadable,
): Promise<StepAnswer> {
  const { code, message, details } = refusal;
  const denied: Denied = { kind: 'refused', code, message, details };
  const kept = { ...fact, input: excerpt(fact.input) };
  const view = await database.inOrganization(organizationId, async (tx) => {
    const found = await readLiving(tx, kernel, ticketId);
    if (found) await recordRefusal(tx, ticketId, kept, denied);
    return found?.view;
  });
  return view ? { outcome: denied, view } : { outcome: { kind: 'gone' } };
}

/** Enough of an input to see what was meant; one that is nested too deep cannot be written down. */
function excerpt(input: unknown): string {
  try {
    return JSON.stringify(input).slice(0, 2_000);
  } catch {
    return 'not printable';
  }
}

/** A message that came before: its outcome stands, and the life is told how the ticket is now. */
async function repeat(deps: StepDeps, request: StepRequest, known: Outcome): Promise<StepAnswer> {
  const seen = await lookAt(deps, request);
  return seen.view ? { ...seen, outcome: known } : seen;
}

async function lookAt(
  { database, kernel }: StepDeps,
  { organizationId, ticketId, life }: StepRequest,
): Promise<StepAnswer> {
  const found = await database.inOrganization(organizationId, (tx) =>
    readLiving(tx, kernel, ticketId),
  );
  if (!found) return { outcome: { kind: 'gone' } };
  if (life < found.ticket.life) return { outcome: { kind: 'superseded' } };
  return { outcome: { kind: 'unchanged', version: found.ticket.version }, view: found.view };
}
