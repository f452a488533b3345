/**
 * How a ticket changes, whoever asks: one transaction that locks the row, looks whether the fact is
 * known, handles what fell due before it, decides by pure rules and writes. The row is the state; the
 * engine only promises who will act, when, repeated until done (docs/architecture.md).
 */
import type { Tx } from '../../database';
import { Refusal } from '../../errors';
import { latest, type Instant } from '../../instant';
import { lockForAll } from '../../lock';
import { findAgreed, suspensionOf, termsOf, type Agreed } from './agreed';
import { conclude } from './conclude';
import { loadContext } from './context';
import { derivedOf, dueEntries, factOfEntry, isSettled, speak } from '../decide';
import type { Happening } from '../decide';
import { underPresent } from '../definition';
import { needsOfLinks } from '../linking';
import { kernelFacts, type Denied, type Fact, type Outcome } from '../fact';
import { refuseAttachments, writeAttachments } from './attachments';
import { writeBirths } from './birth';
import { RuleFailed } from './failure';
import { linkLocks, refuseLinks, tellLinked, writeLinks } from './links';
import { writeClocks } from './projection';
import { owe, record } from './record';
import { recordedOutcome, recordRefusal } from './outcome';
import type { Kernel, Process, Terms } from '../rules';
import { refuseUnseen } from './seers';
import { shared } from './share';
import { lockTicket, nextDueOf, saveTicket, type Stored } from './store';
import { actable, happensAt } from '../suspension';
import type { Ticket } from '../ticket';

/** Which ticket, and by which door: a life (with its number), or the API in the row's own transaction. */
export interface Door {
  readonly organizationId: string;
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
  /** Its cause was recorded before: this is the outcome of then. */
  readonly isKnown?: true;
  /** Since when each agenda entry could be handled that was: its instant, or when it was put there. */
  readonly handled?: readonly Instant[];
  /** Others are told of it by the outbox, or begin by it. */
  readonly owesOthers?: boolean;
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
  await lockForAll(tx, [...linkLocks(fact), ...(process.rules.locks?.(fact) ?? [])]);
  // One packet: what is read behind the lock is read once the lock is held.
  const [stored, known, agreed] = await Promise.all([
    lockTicket(tx, door.ticketId),
    isKernels(fact) ? undefined : recordedOutcome(tx, door.ticketId, fact.cause),
    findAgreed(tx, door.type),
  ]);
  if (!stored || !agreed) return { outcome: { kind: 'gone' } };
  const { ticket } = stored;
  if (door.life !== undefined && door.life < ticket.life)
    return { outcome: { kind: 'superseded' } };
  if (!known) return applyNew(tx, { process, stored, agreed, door, fact, kernel });
  const isKnown = true as const;
  return { outcome: known, isKnown, ticket, terms: await termsOf(tx, agreed, ticket) };
}

interface Asked {
  readonly process: Process;
  readonly stored: Stored;
  readonly agreed: Agreed;
  readonly door: Door;
  readonly fact: Fact;
  readonly kernel: Kernel;
}

async function applyNew(tx: Tx, asked: Asked): Promise<Applied> {
  const { process, stored, agreed, door, fact } = asked;
  const turn = await takeTurn(tx, asked);
  const { ticket, hasMore, denied } = turn;
  const isRowDoor = door.life === undefined;
  if (denied && isRowDoor) throw new Refusal(denied.code, denied.message, denied.details);
  if (denied) await recordRefusal(tx, door.ticketId, fact, denied);
  await save(tx, asked, turn);
  await forgetSilent(tx, turn, fact);
  const look = isRowDoor ? await oweLook(tx, stored, ticket, process) : undefined;
  const terms = turn.terms ?? (await termsOf(tx, agreed, ticket));
  const entries = turn.happenings.filter((happening) => happening.fact !== fact);
  // A promise that was shortened puts entries into the past: nobody was late with those before.
  const handled = entries.map((entry) => latest(entry.fact.occurredAt, stored.ticket.updatedAt));
  const owesOthers = turn.happenings.some(
    ({ owed, turned }) => owed.messages.length > 0 || owed.births.length > 0 || turned,
  );
  return { outcome: outcomeOf(turn, fact), ticket, hasMore, look, terms, handled, owesOthers };
}

interface Turn {
  readonly ticket: Ticket;
  readonly happenings: readonly Happening[];
  readonly terms: Terms | undefined;
  readonly denied?: Denied;
  readonly hasMore: boolean;
}

/** Time first: what was due before the fact stands in the record before the fact does. */
async function takeTurn(tx: Tx, asked: Asked): Promise<Turn> {
  const { fact, stored } = asked;
  const { declaration } = asked.process;
  const suspension = suspensionOf(asked.agreed);
  let turn: Turn = { ticket: stored.ticket, happenings: [], terms: undefined, hasMore: false };
  for (let handled = 0; ; handled += 1) {
    const agenda = actable(declaration, turn.ticket.agenda, suspension);
    const [entry] = dueEntries(agenda, fact.occurredAt);
    if (!entry) break;
    if (handled === entriesATime) return { ...turn, hasMore: true };
    const at = happensAt(declaration, entry, suspension);
    turn = await happen(tx, asked, turn, factOfEntry(entry, fact, at));
  }
  if (isKernels(fact)) return turn;
  try {
    return await happen(tx, asked, turn, fact);
  } catch (error) {
    const cause = error instanceof RuleFailed ? error.cause : undefined;
    if (!(cause instanceof Refusal)) throw error;
    const { code, message, details } = cause;
    return { ...turn, denied: { kind: 'refused', code, message, details } };
  }
}

async function happen(tx: Tx, { process, agreed }: Asked, turn: Turn, fact: Fact): Promise<Turn> {
  const needs = RuleFailed.during(fact, () => [
    ...process.rules.needs(underPresent(process, turn.ticket), fact),
    ...needsOfLinks(process.declaration, turn.ticket, fact),
  ]);
  const { loaders } = process;
  const heard = await loadContext(tx, agreed, { party: turn.ticket, fact, needs, loaders });
  const during = <T>(rule: () => T): T => RuleFailed.during(fact, rule);
  const said = during(() => speak(process, turn.ticket, fact, heard));
  const spoken = await shared(tx, process, said, { fact, heard });
  const concluding = { agreed, fact, heard, during };
  const { happening, context } = await conclude(tx, process, spoken, concluding);
  await RuleFailed.whileWriting(fact, async () => {
    await refuseUnseen(tx, turn.ticket, happening);
    await refuseLinks(tx, happening);
    await refuseAttachments(tx, happening);
  });
  return {
    ...turn,
    ticket: happening.ticket,
    happenings: [...turn.happenings, happening],
    terms: context,
  };
}

/** All of it travels together; the feed's lines are numbered in the order in which they are sent. */
async function save(tx: Tx, { process, stored, kernel }: Asked, turn: Turn): Promise<void> {
  const { terms } = turn;
  if (terms === undefined) return;
  const derived = derivedOf(process, turn.ticket, terms.agreement);
  const last = turn.happenings.at(-1);
  const writings = turn.happenings.map((happening) =>
    RuleFailed.whileWriting(happening.fact, async () => {
      await record(tx, process.declaration, happening);
      await writeBirths(tx, happening, kernel);
      await writeLinks(tx, happening);
      await writeAttachments(tx, happening);
      await tellLinked(tx, happening, kernel);
    }),
  );
  const saving = last && [
    RuleFailed.whileWriting(last.fact, async () => {
      const { agreement } = terms;
      await Promise.all([
        saveTicket(tx, turn.ticket, derived, stored.aside),
        writeClocks(tx, stored.ticket, turn.ticket, agreement),
      ]);
    }),
  ];
  await Promise.all([...writings, ...(saving ?? [])]);
}

/** A message that changed nothing leaves no line to tell that it arrived, so it is owed no longer. */
async function forgetSilent(tx: Tx, { happenings }: Turn, fact: Fact): Promise<void> {
  const happening = happenings.find((one) => one.fact === fact);
  if (!happening || happening.events.length > 0) return;
  await tx.rows(
    `delete from engine_outbox where organization_id = $1 and ticket_id = $2 and id = $3`,
    [tx.organizationId, happening.ticket.id, fact.cause],
  );
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

function outcomeOf(turn: Turn, fact: Fact): Outcome {
  if (turn.denied) return turn.denied;
  const isApplied = turn.happenings.some((happening) => happening.fact === fact);
  return { kind: isApplied ? 'applied' : 'unchanged', version: turn.ticket.version };
}
