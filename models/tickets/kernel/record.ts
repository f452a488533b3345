/** Writes down what a fact did: feed, comments, notices, messages. The ticket's row is saved apart. */
import { v7 } from 'uuid';
import type { Tx } from '../../database';
import type { Instant } from '../../instant';
import { insertRow } from '../../statement';
import { NotificationRow } from '../../notifications/notification.table';
import { CommentRow } from '../tables/comment.table';
import type { Happening } from '../decide';
import { EventRow } from '../tables/event.table';
import { holdfast } from '../fact';
import { commentIdOf, messageIdOf } from '../identity';
import { OutboxRow } from '../tables/outbox.table';
import type { Message, Notice, Recipient } from '../owed';
import type { ProcessDeclaration } from '../../../workflows/process';
import type { Ticket } from '../ticket';
import { whoMayHear } from './seers';

/** Everything of one happening but its births, in the given transaction. */
export async function record(
  tx: Tx,
  process: ProcessDeclaration,
  happening: Happening,
): Promise<void> {
  await Promise.all([
    writeEvents(tx, happening),
    writeComments(tx, happening),
    writeNotices(tx, process, happening),
    writeMessages(tx, happening),
  ]);
}

async function writeEvents(tx: Tx, { ticket, events }: Happening): Promise<void> {
  await Promise.all(
    events.map(({ at, version, cause, type, visibility, actor, via, data }) =>
      insertRow(tx, EventRow, {
        ...{ organizationId: tx.organizationId, id: v7(), ticketId: ticket.id },
        ...{ version, cause, type, visibility, actor, via, occurredAt: new Date(at), data },
      }),
    ),
  );
}

async function writeComments(tx: Tx, { ticket, fact, owed }: Happening): Promise<void> {
  await Promise.all(
    owed.comments.map(({ body, isPublic, authorId }) =>
      insertRow(tx, CommentRow, {
        organizationId: tx.organizationId,
        id: commentIdOf(ticket.id, fact.cause),
        ticketId: ticket.id,
        authorId: authorId ?? fact.actor.id ?? ticket.requesterId,
        isPublic,
        body,
        createdAt: new Date(fact.occurredAt),
      }),
    ),
  );
}

async function writeNotices(
  tx: Tx,
  process: ProcessDeclaration,
  { ticket, fact, owed }: Happening,
): Promise<void> {
  const rows = [];
  for (const notice of owed.notices) {
    const people = await peopleOf(tx, ticket, notice.to);
    for (const recipientId of await whoMayHear(tx, ticket, people)) {
      if (recipientId === fact.actor.id) continue;
      rows.push({ recipientId, ...noticeText(process, ticket, notice) });
    }
  }
  await Promise.all(
    rows.map(({ recipientId, template, subject, data }) =>
      insertRow(
        tx,
        NotificationRow,
        {
          ...{ organizationId: tx.organizationId, id: v7(), recipientId, ticketId: ticket.id },
          ...{ cause: fact.cause, template, subject, data, createdAt: new Date(fact.occurredAt) },
        },
        // The same person as assignee and as lead of the team is told once.
        { onDuplicate: 'keep' },
      ),
    ),
  );
}

function noticeText(process: ProcessDeclaration, ticket: Ticket, { notice, data }: Notice) {
  const words = process.notices[notice];
  if (words === undefined) throw new Error(`${process.type} declares no notice ${notice}`);
  return {
    template: `${process.type}.${notice}`,
    subject: `${ticket.number} ${words}: ${ticket.title}`,
    data: { ...data, number: ticket.number },
  };
}

const managerSql = `
  select m.id from users u
    join users m on m.organization_id = u.organization_id and m.id = u.manager_id and m.is_active
   where u.organization_id = $1 and u.id = $2`;
const ownerSql = `
  select o.id from services s
    join users o on o.organization_id = s.organization_id and o.id = s.owner_id and o.is_active
   where s.organization_id = $1 and s.id = $2`;

/** The people behind a recipient at this moment; nobody is not an error. */
async function peopleOf(tx: Tx, ticket: Ticket, to: Recipient): Promise<readonly string[]> {
  if (typeof to === 'object') return [to.userId];
  switch (to) {
    case 'requester':
      return [ticket.requesterId];
    case 'assignee':
      return ticket.assigneeId === null ? [] : [ticket.assigneeId];
    case 'watchers':
      return ticket.watcherIds;
    case 'awaited':
      return ticket.awaitedIds;
    case 'team':
      return idsOf(
        tx,
        `select m.user_id as id from team_members m join users u
             on u.organization_id = m.organization_id and u.id = m.user_id and u.is_active
          where m.organization_id = $1 and m.team_id = $2 order by 1`,
        [tx.organizationId, ticket.teamId],
      );
    case 'teamLead':
      return idsOf(
        tx,
        `select lead_id as id from teams
          where organization_id = $1 and id = $2 and lead_id is not null`,
        [tx.organizationId, ticket.teamId],
      );
    case 'requesterManager':
      return idsOf(tx, managerSql, [tx.organizationId, ticket.requesterId]);
    case 'serviceOwner':
      return idsOf(tx, ownerSql, [tx.organizationId, ticket.serviceId]);
    case 'managers':
      return idsOf(
        tx,
        `select id from users
          where organization_id = $1 and is_active and role = 'manager' order by 1`,
        [tx.organizationId],
      );
  }
}

async function idsOf(tx: Tx, sql: string, bind: readonly unknown[]): Promise<string[]> {
  return (await tx.rows<{ id: string }>(sql, bind)).map(({ id }) => id);
}

/** Messages to other lives travel by the outbox: written with the fact or not at all. */
async function writeMessages(tx: Tx, { ticket, fact, owed }: Happening): Promise<void> {
  for (const [k, message] of owed.messages.entries()) {
    const id = messageIdOf(ticket.id, fact.cause, k);
    await tell(tx, id, fact.occurredAt, message);
  }
}

/** Owes a life a message, once an id; nobody tries before the sweeper does. */
export async function tell(
  tx: Tx,
  id: string,
  occurredAt: Instant,
  { ticketId, name, input, actor = holdfast }: Message,
): Promise<void> {
  const payload = { cause: id, name, input, actor, occurredAt };
  await owe(tx, { ticketId, id, kind: 'signal', name: 'fact', isForSweeper: true, payload });
}

export type NewOutboxRow = Pick<OutboxRow, 'ticketId' | 'id' | 'kind' | 'name' | 'payload'> & {
  /** Whoever writes it does not try first. */
  readonly isForSweeper?: boolean;
};

/** Owes the engine a start or a signal; once an id. */
export async function owe(tx: Tx, row: NewOutboxRow): Promise<void> {
  const { ticketId, id, kind, name, payload, isForSweeper = false } = row;
  const fields = {
    ...{ organizationId: tx.organizationId, ticketId, id, kind, name, payload },
    ...(isForSweeper && { leaseUntil: null }),
  };
  await insertRow(tx, OutboxRow, fields, { onDuplicate: 'keep' });
}
