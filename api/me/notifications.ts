/** What Holdfast told the caller. */
import { z } from 'zod';
import { toInstant } from '../../models/instant';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import type { ListSources } from '../http/list/readable';
import { defineRoute, type Route } from '../http/route';
import { wallsFor } from '../tickets/sight';

const Notification = z
  .object({
    id: z.uuid(),
    template: z.string().meta({ examples: ['incident.assigned'] }),
    subject: z.string(),
    ticket: z
      .object({ id: z.uuid(), type: z.string(), number: z.string(), name: z.string() })
      .nullable(),
    data: z.record(z.string(), z.unknown()),
    isRead: z.boolean(),
    createdAt: z.iso.datetime(),
    readAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Notification' });

const notifications = defineListing({
  name: 'notifications',
  item: Notification,
  idSql: 'n.id',
  fields: {
    isRead: { type: 'boolean', sql: 'n.read_at is not null', nullable: false },
    template: { type: 'text', column: 'n.template', nullable: false },
    ticket: { type: 'reference', column: 'n.ticket_id' },
    createdAt: { type: 'instant', column: 'n.created_at', nullable: false },
  },
  sorts: ['createdAt'],
  defaultSort: '-createdAt',
});

const source = {
  select: `n.id, n.template, n.subject, n.data, n.created_at as "createdAt", n.read_at as "readAt",
           case when t.id is not null then jsonb_build_object(
             'id', t.id, 'type', t.type, 'number', t.number, 'name', t.title) end as ticket`,
  from: 'notifications n left join tickets t on t.organization_id = n.organization_id and t.id = n.ticket_id',
};

/** Mine, but for those of tickets that are confidential by now and out of my sight. */
const mine = (isShown: string) =>
  `n.organization_id = $1 and n.recipient_id = $2 and (t.id is null or ${isShown})`;

type NotificationItem = z.infer<typeof Notification>;
type NotificationRow = Omit<NotificationItem, 'isRead' | 'createdAt' | 'readAt'> & {
  readonly createdAt: Date;
  readonly readAt: Date | null;
};

export function notificationRoutes({ database, secret }: ListSources): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/me/notifications',
      tag: 'Me',
      access: 'person',
      summary: 'List my notifications, the newest first.',
      query: listQuery(notifications),
      reply: { status: 200, description: 'A page.', body: pageSchema(Notification) },
      handle: async ({ actor, query }) => {
        const binds: unknown[] = [actor.organizationId, actor.id];
        const walls = wallsFor(actor, (value) => `$${binds.push(value)}`);
        const narrowed = { ...source, where: mine(walls.isShown('t')) };
        const context = { actor, secret, binds };
        const page = await database.inOrganization(actor.organizationId, (tx) =>
          readPage<NotificationRow>(tx, {
            listing: notifications,
            query,
            source: narrowed,
            context,
          }),
        );
        return pageReply(page, present);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/me/notifications/actions/read',
      tag: 'Me',
      access: 'person',
      summary: 'Mark notifications as read.',
      description: 'Those with these ids; without `ids` all that are there now.',
      body: z.strictObject({ ids: z.array(z.uuid()).max(500).optional() }),
      reply: {
        status: 200,
        description: 'Marked.',
        body: z.object({ read: z.int().describe('How many became read by this.') }),
      },
      handle: async ({ actor, body }) => {
        const marked = await database.inOrganization(actor.organizationId, (tx) =>
          tx.rows(markSql, [actor.organizationId, actor.id, body.ids ?? null]),
        );
        return { body: { read: marked.length } };
      },
    }),
  ];
}

const markSql = `
  update notifications set read_at = now()
   where organization_id = $1 and recipient_id = $2 and read_at is null
     and ($3::uuid[] is null or id = any($3::uuid[]))
  returning id`;

function present(row: NotificationRow): NotificationItem {
  const { id, template, subject, ticket, data, readAt } = row;
  return {
    id,
    template,
    subject,
    ticket,
    data,
    isRead: readAt !== null,
    createdAt: toInstant(row.createdAt),
    readAt: readAt && toInstant(readAt),
  };
}
