/** Applies a fact until it has an outcome: what a wrong rule threw at is set aside, the rest goes on. */
import type { Database, Tx } from '../../database';
import { applyFact, type Applied, type Door } from './apply';
import { loadTerms } from './agreed';
import { derivedOf } from '../decide';
import { RuleFailed } from './failure';
import { kernelFacts, type Denied, type Fact } from '../fact';
import { recordRefusal } from './outcome';
import { WorkResult, type Kernel } from '../rules';
import { lockTicket, saveTicket } from './store';
import type { Ticket } from '../ticket';

/** Told of every fact that a rule failed on, so that somebody looks. */
export type Alarm = (failed: RuleFailed, ticketId: string) => void;

/** The outcome of a fact; throws only what time cures (and a Refusal through the row's door). */
export async function settleFact(
  database: Database,
  door: Door,
  fact: Fact,
  kernel: Kernel & { alarm: Alarm },
): Promise<Applied> {
  for (;;) {
    try {
      const applied = await database.inOrganization(door.organizationId, (tx) =>
        applyFact(tx, door, fact, kernel),
      );
      if (applied.hasMore !== true) return applied;
    } catch (error) {
      if (!(error instanceof RuleFailed)) throw error;
      kernel.alarm(error, door.ticketId);
      const left = await database.inOrganization(door.organizationId, (tx) =>
        setAside(tx, door, error, kernel),
      );
      if (error.fact.cause === fact.cause) return { outcome: failedOutcome(error), ...left };
    }
  }
}

/** Records the failure by its cause and takes what caused it off the ticket; nothing else changes. */
async function setAside(
  tx: Tx,
  door: Door,
  failed: RuleFailed,
  kernel: Kernel,
): Promise<Pick<Applied, 'ticket' | 'terms'>> {
  const stored = await lockTicket(tx, door.ticketId);
  if (!stored) return {};
  await recordRefusal(tx, door.ticketId, failed.fact, failedOutcome(failed));
  const ticket = without(stored.ticket, failed.fact);
  const terms = await loadTerms(tx, door.type, ticket);
  const derived = derivedOf(kernel.processOf(door.type), ticket, terms.agreement);
  await saveTicket(tx, ticket, derived, stored.aside);
  return { ticket, terms };
}

function without(ticket: Ticket, fact: Fact): Ticket {
  const isResult = fact.name === kernelFacts.workDone || fact.name === kernelFacts.workFailed;
  const given = WorkResult.safeParse(isResult ? fact.input : undefined);
  return {
    ...ticket,
    revision: ticket.revision + 1,
    agenda: ticket.agenda.filter(({ key, at, n }) => `${key}@${at}/${n}` !== fact.cause),
    work: ticket.work.filter(
      ({ key, n }) => !given.success || key !== given.data.key || n !== given.data.n,
    ),
  };
}

function failedOutcome({ fact }: RuleFailed): Denied {
  return {
    kind: 'failed',
    code: 'rule_failed',
    message: `A rule failed on ${fact.name}; it is set aside and operations are told.`,
    details: {},
  };
}
