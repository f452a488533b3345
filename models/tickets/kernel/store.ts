/** Between a ticket and its row. */
import type { Tx } from '../../database';
import { earliest, toInstant, type Instant } from '../../instant';
import { columnsOf, insertRow, updateRow } from '../../statement';
import { snapshotVersion, upcast, type Snapshot } from '../snapshot';
import type { Ticket } from '../ticket';
import { TicketRow } from '../tables/ticket.table';

type Row = TicketRow['_attributes'];

/** A ticket as stored, with what this code does not know of it. */
export interface Stored {
  readonly ticket: Ticket;
  readonly aside: Snapshot['aside'];
  readonly nextDueAt: Instant | null;
  /** The next SLA deadline that is running. */
  readonly dueAt: Instant | null;
  readonly isSettled: boolean;
}

/** What a save writes beside the ticket itself. */
export interface Derived {
  readonly isOpen: boolean;
  readonly isSettled: boolean;
  readonly dueAt: Instant | null;
}

/**
 * Locks the row until the transaction ends. A statement of its own, before any dependent insert:
 * `FOR UPDATE` after an insert deadlocks with a second comment (docs/architecture.md).
 */
export async function lockTicket(tx: Tx, ticketId: string): Promise<Stored | undefined> {
  const where = 't.organization_id = $1 and t.id = $2 for no key update';
  return findBy(tx, where, [tx.organizationId, ticketId]);
}

/** One ticket, by id or by type and number; without a lock. */
export async function findTicket(
  tx: Tx,
  by: { id: string } | { type: string; number: string },
): Promise<Stored | undefined> {
  if ('id' in by) {
    return findBy(tx, 't.organization_id = $1 and t.id = $2', [tx.organizationId, by.id]);
  }
  const where = 't.organization_id = $1 and t.type = $2 and t.number = $3';
  return findBy(tx, where, [tx.organizationId, by.type, by.number]);
}

async function findBy(tx: Tx, where: string, bind: readonly unknown[]) {
  const columns = columnsOf(TicketRow, 't');
  const [row] = await tx.rows<Row>(`select ${columns} from tickets t where ${where}`, bind);
  return row ? storedOf(row) : undefined;
}

export async function insertTicket(tx: Tx, ticket: Ticket, derived: Derived): Promise<void> {
  await insertRow(tx, TicketRow, { ...rowOf(ticket, derived, undefined), leaseUntil: null });
}

export async function saveTicket(
  tx: Tx,
  ticket: Ticket,
  derived: Derived,
  aside: Snapshot['aside'],
): Promise<void> {
  const { organizationId, id, ...changed } = rowOf(ticket, derived, aside);
  await updateRow(tx, TicketRow, { organizationId, id }, changed);
}

/** The next number of a type, as text with the process's prefix: `INC0000042`. */
export async function takeNumber(tx: Tx, type: string, prefix: string): Promise<string> {
  const [row] = await tx.rows<{ last: number }>(
    `insert into ticket_numbers as n (organization_id, type, last) values ($1, $2, 1)
     on conflict (organization_id, type) do update set last = n.last + 1 returning last`,
    [tx.organizationId, type],
  );
  if (!row) throw new Error(`No number was given for a ${type}`);
  return `${prefix}${String(row.last).padStart(7, '0')}`;
}

/** When something will have to be done for this ticket, or null when nothing lies ahead. */
export function nextDueOf(ticket: Pick<Ticket, 'agenda' | 'work'>): Instant | null {
  const instants = [
    ...ticket.agenda.map(({ at }) => at),
    ...ticket.work.map(({ expectedBy }) => expectedBy),
  ];
  return instants.length === 0 ? null : instants.reduce(earliest);
}

export function storedOf(row: Row): Stored {
  const { aside, ...kept } = upcast(row.snapshot);
  return {
    ticket: ticketOf(row, kept),
    aside,
    isSettled: row.isSettled,
    dueAt: instantOrNull(row.dueAt),
    nextDueAt: instantOrNull(row.nextDueAt),
  };
}

type Kept = Pick<
  Ticket,
  'details' | 'answeredAt' | 'unansweredSince' | 'clocks' | 'agenda' | 'work'
>;

/** Field by field: lists make a thousand of these a second, and spreading takes ten times as long. */
function ticketOf(row: Row, kept: Kept): Ticket {
  return {
    organizationId: row.organizationId,
    id: row.id,
    type: row.type,
    number: row.number,
    definitionVersion: row.definitionVersion,
    state: row.state,
    version: row.version,
    revision: row.revision,
    life: row.life,
    title: row.title,
    description: row.description,
    impact: row.impact,
    urgency: row.urgency,
    priority: row.priority,
    requesterId: row.requesterId,
    openedById: row.openedById,
    assigneeId: row.assigneeId,
    teamId: row.teamId,
    confidentialTeamId: row.confidentialTeamId,
    serviceId: row.serviceId,
    categoryId: row.categoryId,
    watcherIds: row.watcherIds,
    awaitedIds: row.awaitedIds,
    tags: row.tags,
    channel: row.channel,
    openedAt: toInstant(row.openedAt),
    plannedStart: instantOrNull(row.plannedStart),
    plannedEnd: instantOrNull(row.plannedEnd),
    resolvedAt: instantOrNull(row.resolvedAt),
    answeredAt: kept.answeredAt,
    unansweredSince: kept.unansweredSince,
    closedAt: instantOrNull(row.closedAt),
    updatedAt: toInstant(row.updatedAt),
    details: kept.details,
    clocks: kept.clocks,
    agenda: kept.agenda,
    work: kept.work,
  };
}

function rowOf(ticket: Ticket, derived: Derived, aside: Snapshot['aside']) {
  const { details, answeredAt, unansweredSince, clocks, agenda, work, ...columns } = ticket;
  const snapshot: Snapshot = {
    ...{ v: snapshotVersion, details, answeredAt, unansweredSince, clocks, agenda, work },
  };
  return {
    ...columns,
    watcherIds: [...ticket.watcherIds],
    awaitedIds: [...ticket.awaitedIds],
    tags: [...ticket.tags],
    isOpen: derived.isOpen,
    isSettled: derived.isSettled,
    openedAt: new Date(ticket.openedAt),
    plannedStart: dateOrNull(ticket.plannedStart),
    plannedEnd: dateOrNull(ticket.plannedEnd),
    resolvedAt: dateOrNull(ticket.resolvedAt),
    closedAt: dateOrNull(ticket.closedAt),
    updatedAt: new Date(ticket.updatedAt),
    dueAt: dateOrNull(derived.dueAt),
    nextDueAt: dateOrNull(nextDueOf(ticket)),
    snapshot: aside ? { ...snapshot, aside } : snapshot,
  };
}

function dateOrNull(instant: Instant | null): Date | null {
  return instant === null ? null : new Date(instant);
}

function instantOrNull(date: Date | null): Instant | null {
  return date === null ? null : toInstant(date);
}
