/** What a life and the Web UI are shown of a ticket: ids and instants, no texts of people. */
import type { Instant } from '../models/instant';
import { calendarOf, type Agreement } from '../models/sla/agreement';
import { dueAt } from '../models/sla/clock';
import { isSettled } from '../models/tickets/decide';
import type { Tx } from '../models/database';
import { loadTerms } from '../models/tickets/kernel/agreed';
import type { Kernel, Process, Terms } from '../models/tickets/rules';
import { findTicket } from '../models/tickets/kernel/store';
import { actable, happensAt } from '../models/tickets/suspension';
import type { Ticket } from '../models/tickets/ticket';
import type { View } from '../workflows/life/wire';

/** Keywords that every type has; registered when a worker starts (engine/search-attributes.ts). */
export const searchAttributes = [
  'Organization',
  'TicketType',
  'TicketState',
  'Priority',
  'Team',
  'Assignee',
  'Sla',
] as const;

/** The view of a ticket for its life. */
export function viewOf(process: Process, ticket: Ticket, terms: Terms): View {
  const { declaration } = process;
  const [first] = actable(declaration, ticket.agenda, terms.suspension);
  return {
    revision: ticket.revision,
    nextDueAt: first ? happensAt(declaration, first, terms.suspension) : null,
    ...(first ? { nextWhat: first.what } : {}),
    work: ticket.work.map(({ key, n, activity, attempts, patience }) => ({
      key,
      n,
      activity,
      attempts,
      firstDelaySeconds: patience.firstDelaySeconds,
      longestDelaySeconds: patience.longestDelaySeconds,
      attemptSeconds: patience.attemptSeconds,
    })),
    settled: isSettled(declaration, ticket),
    shown: markdown(ticket, terms.agreement),
    search: searchOf(ticket, terms.slug),
  };
}

/** A ticket with what its life has to be told. */
export interface Living {
  readonly ticket: Ticket;
  readonly view: View;
  readonly slug: string;
}

/** Reads it, without a lock; undefined when it is gone. */
export async function readLiving(
  tx: Tx,
  kernel: Kernel,
  ticketId: string,
): Promise<Living | undefined> {
  const stored = await findTicket(tx, { id: ticketId });
  if (!stored) return undefined;
  const { ticket } = stored;
  const terms = await loadTerms(tx, ticket.type, ticket);
  return { ticket, view: viewOf(kernel.processOf(ticket.type), ticket, terms), slug: terms.slug };
}

function searchOf(
  ticket: Ticket,
  slug: string,
): Record<(typeof searchAttributes)[number], string | null> {
  return {
    Organization: slug,
    TicketType: ticket.type,
    TicketState: ticket.state,
    Priority: ticket.priority,
    Team: ticket.teamId,
    Assignee: ticket.assigneeId,
    Sla: slaState(ticket),
  };
}

/** The worst of the living clocks, as far as the life has acted on it. */
function slaState(ticket: Ticket): string | null {
  const living = ticket.clocks.filter(({ state }) => state === 'running' || state === 'paused');
  if (living.length === 0) return null;
  const isMissed = living.some(({ breaches, terms }) =>
    breaches.some((one) => one.targetSeconds === terms.targetSeconds && one.withdrawnAt === null),
  );
  if (isMissed) return 'breached';
  const isWarned = living.some(({ passed, terms }) =>
    passed.some((one) => one.targetSeconds === terms.targetSeconds),
  );
  if (isWarned) return 'warned';
  return living.some(({ state }) => state === 'running') ? 'running' : 'paused';
}

function markdown(ticket: Ticket, agreement: Agreement): string {
  const owner = `team ${ticket.teamId ?? 'none'}, person ${ticket.assigneeId ?? 'none'}`;
  return [
    `**${ticket.number}** ${ticket.state}, ${ticket.priority ?? 'no priority'}, version ${ticket.version}`,
    '',
    `- Owner: ${owner}`,
    ...ticket.clocks.map((clock) => `- Clock ${clock.id}: ${clock.state}${due(clock, agreement)}`),
    ...ticket.work.map(
      ({ key, attempts }) => `- Work ${key}: pending, ${attempts} attempts so far`,
    ),
    ...(ticket.agenda.length === 0
      ? ['- Nothing lies ahead.']
      : ['', '| next | what |', '|---|---|']),
    ...ticket.agenda.map(({ at, what }) => `| ${at} | ${what} |`),
  ].join('\n');
}

function due(clock: Ticket['clocks'][number], agreement: Agreement): string {
  const at: Instant | null = dueAt(clock, calendarOf(agreement, clock));
  return at === null ? '' : `, due ${at}`;
}
