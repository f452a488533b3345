/** Takes up again what a rule failed on, once the rule is mended: the way back of settle.ts. */
import { z } from 'zod';
import type { Database, Tx } from '../../database';
import { Refusal } from '../../errors';
import { isOpenState } from '../../../workflows/process';
import { applyFact, type Door } from './apply';
import { loadTerms } from './agreed';
import { derivedOf } from '../decide';
import { RuleFailed } from './failure';
import { holdfast, kernelFacts, type Denied, type Fact, type Outcome } from '../fact';
import { recordRefusal } from './outcome';
import { owe } from './record';
import type { Kernel, Process } from '../rules';
import { settleFact, type Alarm } from './settle';
import { lockTicket, saveTicket } from './store';
import type { AgendaEntry, Ticket } from '../ticket';

/** The ticket, by the row's door. */
export type Target = Omit<Door, 'life'>;

/** A fact that was not applied, as it is kept by its cause. */
export interface KeptFact {
  readonly cause: string;
  readonly name: string;
  readonly outcome: 'refused' | 'failed';
  readonly code: string;
  readonly message: string;
  readonly recordedAt: Date;
  readonly retriedAt: Date | null;
}

/** What became of a retry. */
export type Retried =
  /** The entry is on the agenda again; the life handles it when it looks. */
  | { readonly kind: 'planned'; readonly at: string }
  | { readonly kind: 'decided'; readonly outcome: Outcome }
  /** Time went past it: nothing had to be done, and it is no longer reported. */
  | { readonly kind: 'void'; readonly reason: string }
  /** The rule fails still; the fact stays as it was. */
  | { readonly kind: 'failedAgain'; readonly reason: string };

/** Every refused and failed fact of a ticket, the oldest first. */
export function keptFacts(tx: Tx, ticketId: string): Promise<KeptFact[]> {
  return tx.rows<KeptFact>(
    `select cause, name, outcome, code, message, recorded_at as "recordedAt", retried_at as "retriedAt"
       from ticket_refusals where organization_id = $1 and ticket_id = $2 order by recorded_at, cause`,
    [tx.organizationId, ticketId],
  );
}

/**
 * Retries one failed fact under its own cause. An agenda entry goes back on the agenda at its instant;
 * anything else is applied again: the result of work too, so that the work is not done a second time.
 * Throws a Refusal when there is no such fact, or it did not fail, or it was retried before.
 */
export async function retryFact(
  database: Database,
  target: Target,
  cause: string,
  kernel: Kernel & { readonly alarm: Alarm },
): Promise<Retried> {
  const fact = await database.inOrganization(target.organizationId, (tx) =>
    failedFact(tx, target.ticketId, cause),
  );
  const entry = entryOf(fact);
  if (!entry) return applyAgain(database, target, fact, kernel);
  const process = kernel.processOf(target.type);
  return database.inOrganization(target.organizationId, (tx) =>
    putBack(tx, target.ticketId, { entry, cause }, process),
  );
}

async function failedFact(tx: Tx, ticketId: string, cause: string): Promise<Fact> {
  const [row] = await tx.rows<{ fact: Fact; outcome: string; retriedAt: Date | null }>(
    `select fact, outcome, retried_at as "retriedAt" from ticket_refusals
      where organization_id = $1 and ticket_id = $2 and cause = $3`,
    [tx.organizationId, ticketId, cause],
  );
  if (!row) throw new Refusal('not_found', `The ticket keeps no refused or failed fact ${cause}.`);
  if (row.outcome !== 'failed') {
    throw new Refusal(
      'conflict',
      `${cause} was refused, which is its outcome; only failed facts are retried.`,
    );
  }
  if (row.retriedAt !== null) throw retriedBefore(cause);
  return row.fact;
}

/** True for whoever marks it first; the row's lock keeps a second one out until then. */
async function markRetried(tx: Tx, ticketId: string, cause: string): Promise<void> {
  const marked = await tx.rows(
    `update ticket_refusals set retried_at = clock_timestamp()
      where organization_id = $1 and ticket_id = $2 and cause = $3
        and outcome = 'failed' and retried_at is null returning cause`,
    [tx.organizationId, ticketId, cause],
  );
  if (marked.length === 0) throw retriedBefore(cause);
}

function retriedBefore(cause: string): Refusal {
  return new Refusal('conflict', `${cause} was retried already.`);
}

const Entry = z.object({ key: z.string(), at: z.string(), n: z.int(), what: z.string() });

/** The agenda entry that a fact stood for: its cause is made of it (decide.ts factOfEntry). */
function entryOf({ cause, input }: Fact): AgendaEntry | undefined {
  const { data } = Entry.safeParse(input);
  return data && cause === `${data.key}@${data.at}/${data.n}` ? data : undefined;
}

async function putBack(
  tx: Tx,
  ticketId: string,
  { entry, cause }: { entry: AgendaEntry; cause: string },
  process: Process,
): Promise<Retried> {
  const stored = await lockTicket(tx, ticketId);
  if (!stored) throw new Refusal('not_found', `There is no ticket ${ticketId}.`);
  await markRetried(tx, ticketId, cause);
  const { ticket } = stored;
  const reason = whyVoid(process, ticket, entry);
  if (reason !== undefined) return { kind: 'void', reason };
  const agenda = [...ticket.agenda, entry].sort((a, b) => (inOrder(a) < inOrder(b) ? -1 : 1));
  const planned: Ticket = { ...ticket, agenda, revision: ticket.revision + 1 };
  const terms = await loadTerms(tx, ticket.type, ticket);
  await saveTicket(tx, planned, derivedOf(process, planned, terms.agreement), stored.aside);
  await owe(tx, { ticketId, id: `look/retry/${cause}`, kind: 'signal', name: 'look', payload: {} });
  return { kind: 'planned', at: entry.at };
}

const inOrder = ({ at, key }: AgendaEntry) => `${at} ${key}`;

/** A closed ticket has no agenda, and a later entry of the same key took the place of this one. */
function whyVoid(process: Process, ticket: Ticket, { key }: AgendaEntry): string | undefined {
  if (!isOpenState(process.declaration, ticket.state)) {
    return `the ticket is ${ticket.state}, so nothing lies ahead of it`;
  }
  const later = ticket.agenda.find((one) => one.key === key);
  return later && `${key} was planned anew and is on the agenda at ${later.at}`;
}

async function applyAgain(
  database: Database,
  target: Target,
  fact: Fact,
  kernel: Kernel & { readonly alarm: Alarm },
): Promise<Retried> {
  const { organizationId, ticketId } = target;
  // Time first, in transactions of its own: what fails there is set aside under its own cause.
  await settleFact(database, target, timeUpTo(fact), kernel);
  try {
    const outcome = await database.inOrganization(organizationId, async (tx) => {
      await markRetried(tx, ticketId, fact.cause);
      const applied = await applyFact(tx, target, unstale(fact), kernel);
      if (applied.hasMore === true) throw new Error('More fell due meanwhile: retry once more.');
      return applied.outcome;
    });
    return { kind: 'decided', outcome };
  } catch (error) {
    if (error instanceof RuleFailed) return { kind: 'failedAgain', reason: error.message };
    if (!(error instanceof Refusal) || error.message === retriedBefore(fact.cause).message)
      throw error;
    return { kind: 'decided', outcome: await refuseForGood(database, target, fact, error) };
  }
}

/** Now the rule could say something, and it said no: that is the fact's outcome from here on. */
async function refuseForGood(
  database: Database,
  { organizationId, ticketId }: Target,
  fact: Fact,
  { code, message, details }: Refusal,
): Promise<Denied> {
  const denied: Denied = { kind: 'refused', code, message, details };
  await database.inOrganization(organizationId, async (tx) => {
    await lockTicket(tx, ticketId);
    await recordRefusal(tx, ticketId, fact, denied);
  });
  return denied;
}

function timeUpTo({ occurredAt }: Fact): Fact {
  return {
    cause: 'retry',
    name: kernelFacts.due,
    input: {},
    actor: holdfast,
    via: 'operations',
    occurredAt,
  };
}

/** Setting it aside took one revision: with nothing else since, the caller's If-Match still holds. */
function unstale(fact: Fact): Fact {
  return fact.ifMatch === undefined ? fact : { ...fact, ifMatch: fact.ifMatch + 1 };
}
