/**
 * How a ticket changes, whoever asks: one transaction that locks the row, looks whether the fact is
 * known, handles what fell due before it, decides by pure rules and writes. The row is the state; the
 * engine only promises who will act, when, repeated until done (docs/architecture.md).
 */
import type { Tx } from '../database';
import { Refusal } from '../errors';
import { loadContext, loadTerms } from './context';
import { decide, derivedOf, dueEntries, factOfEntry, isSettled, type Happening } from './decide';
import { kernelFacts, type Denied, type Fact, type Outcome } from './fact';
import { writeBirths } from './birth';
import { RuleFailed } from './failure';
import { owe, record } from './record';
import { recordedOutcome, recordRefusal } from './outcome';
import type { Kernel, Process, Terms } from './rules';
import { lockTicket, nextDueOf, saveTicket, type Stored } from './store';
import type { Ticket } from './ticket';

/** Which ticket, and by which door: a life (with its number), or the API in the row's own transaction. */
export interface Door {
  readonly ticketId: string;
  readonly type: string;
  readonly life?: number;
}

export interface Applied {
  readonly outcome: Outcome;
  /** The ticket as it is now; undefined when it is gone. */
  readonly ticket?: Ticket;
  /** What the organization has agreed, as it was read with the ticket. */
  readonly terms?: Terms;
  /** The outbox row that tells the life, when this was done through the row's door. */
  readonly look?: string | undefined;
  /** More entries were due than one transaction takes: ask again. */
  readonly hasMore?: boolean;
}

/** More than this many agenda entries wait for the next transaction. */
const entriesATime = 100;

/**
 * Applies one fact. Refusals through a life's door are recorded and returned; through the row's door
 * they are thrown and nothing is written. A wrong rule is thrown as RuleFailed (see settle.ts).
 */
export async function applyFact(tx: Tx, door: Door, fact: Fact, kernel: Kernel): Promise<Applied> {
  const process = kernel.processOf(door.type);
  await takeLocks(tx, process.rules.locks?.(fact) ?? []);
  const stored = await lockTicket(tx, door.ticketId);
  if (!stored) return { outcome: { kind: 'gone' } };
  if (door.life !== undefined && door.life < stored.ticket.life) {
    return { outcome: { kind: 'superseded' } };
  }
  const { type, clocks } = stored.ticket;
  const terms = () => loadTerms(tx, type, clocks);
  const known = isKernels(fact) ? undefined : await recordedOutcome(tx, door.ticketId, fact.cause);
  if (known) return { outcome: known, ticket: stored.ticket, terms: await terms() };
  const turn = await takeTurn(tx, process, stored.ticket, fact);
  if (turn.denied && door.life === undefined) {
    throw new Refusal(turn.denied.code, turn.denied.message, turn.denied.details);
  }
  if (turn.denied) await recordRefusal(tx, door.ticketId, fact, turn.denied);
  await save(tx, process, stored, turn, kernel);
  const { ticket, hasMore } = turn;
  const look = door.life === undefined ? await oweLook(tx, stored, ticket, process) : undefined;
  return { outcome: outcomeOf(turn, fact), ticket, hasMore, look, terms: turn.terms ?? (await terms()) };
}

interface Turn {
  readonly ticket: Ticket;
  readonly happenings: readonly Happening[];
  readonly terms: Terms | undefined;
  readonly denied?: Denied;
  readonly hasMore: boolean;
}

/** Time first: what was due before the fact stands in the record before the fact does. */
async function takeTurn(tx: Tx, process: Process, before: Ticket, fact: Fact): Promise<Turn> {
  let turn: Turn = { ticket: before, happenings: [], terms: undefined, hasMore: false };
  for (let handled = 0; ; handled += 1) {
    const [entry] = dueEntries(turn.ticket.agenda, fact.occurredAt);
    if (!entry) break;
    if (handled === entriesATime) return { ...turn, hasMore: true };
    turn = await happen(tx, process, turn, factOfEntry(entry, fact));
  }
  if (isKernels(fact)) return turn;
  try {
    return await happen(tx, process, turn, fact);
  } catch (error) {
    const cause = error instanceof RuleFailed ? error.cause : undefined;
    if (!(cause instanceof Refusal)) throw error;
    const { code, message, details } = cause;
    return { ...turn, denied: { kind: 'refused', code, message, details } };
  }
}

async function happen(tx: Tx, process: Process, turn: Turn, fact: Fact): Promise<Turn> {
  const { type, clocks } = turn.ticket;
  const context = await loadContext(tx, type, clocks, process.rules.needs(turn.ticket, fact));
  const happening = RuleFailed.during(fact, () => decide(process, turn.ticket, fact, context));
  return {
    ...turn,
    ticket: happening.ticket,
    happenings: [...turn.happenings, happening],
    terms: context,
  };
}

async function save(
  tx: Tx,
  process: Process,
  stored: Stored,
  turn: Turn,
  kernel: Kernel,
): Promise<void> {
  if (turn.terms === undefined) return;
  for (const happening of turn.happenings) {
    await RuleFailed.whileWriting(happening.fact, async () => {
      await record(tx, process.declaration, happening);
      await writeBirths(tx, happening, kernel);
    });
  }
  const derived = derivedOf(process, turn.ticket, turn.terms.agreement);
  const last = turn.happenings.at(-1);
  if (last) await RuleFailed.whileWriting(last.fact, () => saveTicket(tx, turn.ticket, derived, stored.aside));
}

/** A life that did not do this itself must hear of it: earlier due, more work, or the end. */
async function oweLook(
  tx: Tx,
  before: Stored,
  after: Ticket,
  process: Process,
): Promise<string | undefined> {
  const nextDueAt = nextDueOf(after);
  const isEarlier =
    nextDueAt !== null && (before.nextDueAt === null || nextDueAt < before.nextDueAt);
  const hasMoreWork = after.work.length > before.ticket.work.length;
  const ends = isSettled(process.declaration, after) && !before.isSettled;
  if (!isEarlier && !hasMoreWork && !ends) return undefined;
  const id = `look/${after.version}`;
  const kind = before.isSettled ? 'start' : 'signal';
  await owe(tx, { ticketId: after.id, id, kind, name: 'look', payload: {} });
  return id;
}

/** Facts that say only what time it is have no identity: the agenda in the row is their test. */
function isKernels(fact: Fact): boolean {
  return fact.name === kernelFacts.due || fact.name === kernelFacts.look;
}

/** Sorted, so that two facts that want the same locks never wait for each other. */
async function takeLocks(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of [...new Set(names)].sort()) {
    await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${tx.organizationId}/${name}`,
    ]);
  }
}

function outcomeOf(turn: Turn, fact: Fact): Outcome {
  if (turn.denied) return turn.denied;
  const isApplied = turn.happenings.some((happening) => happening.fact === fact);
  return { kind: isApplied ? 'applied' : 'unchanged', version: turn.ticket.version };
}
