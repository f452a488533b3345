/** How orders look, and who sees them. */
import { z } from 'zod';
import type { Process } from '../../models/tickets/rules';
import { channels } from '../../models/tickets/ticket';
import { seesAll } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { defineListing } from '../http/list/listing';
import type { ListSource } from '../http/list/page';
import { Reference } from '../http/reference';
import { wallsFor, type Bind } from '../tickets/sight';

const OrderedRequest = z
  .object({
    id: z.uuid(),
    number: z.string(),
    title: z.string(),
    state: z.string(),
    isOpen: z.boolean(),
    item: Reference.extend({ version: z.int() }),
    quantity: z.int(),
  })
  .meta({ id: 'OrderedRequest' });

export const Order = z
  .object({
    id: z.uuid(),
    number: z.string(),
    orderedBy: Reference,
    requestedFor: Reference,
    channel: z.enum(channels),
    createdAt: z.iso.datetime(),
    requests: z.array(OrderedRequest).describe('Those that you may see, as they were ordered.'),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

export const orderListing = defineListing({
  name: 'orders',
  item: Order,
  idSql: 'o.id',
  fields: {
    number: { type: 'text', column: 'o.number', nullable: false },
    orderedBy: { type: 'reference', column: 'o.ordered_by_id', nullable: false },
    requestedFor: { type: 'reference', column: 'o.requested_for_id', nullable: false },
    channel: { type: 'enum', column: 'o.channel', values: channels, nullable: false },
    createdAt: { type: 'instant', column: 'o.created_at', nullable: false },
  },
  sorts: ['createdAt', 'number'],
  defaultSort: '-createdAt',
});

const personSql = (column: string) => `(
  select jsonb_build_object('id', u.id, 'name', u.name) from users u
   where u.organization_id = o.organization_id and u.id = o.${column})`;

const requestsSql = (isReadable: string) => `(
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'number', t.number, 'title', t.title,
           'state', t.state, 'isOpen', t.is_open, 'quantity', l.quantity,
           'item', jsonb_build_object('id', v.id, 'name', v.name, 'version', v.version))
           order by l.position), '[]')
    from order_items l
    join tickets t on t.organization_id = l.organization_id and t.id = l.ticket_id and ${isReadable}
    join catalog_item_versions v
      on v.organization_id = l.organization_id and v.id = l.item_id and v.version = l.version
   where l.organization_id = o.organization_id and l.order_id = o.id)`;

/**
 * Orders that somebody made, or that were made for them; all, for who may see all requests. `$1` is the
 * organization. `requests` are narrowed by the walls of tickets: what one of them is about may be confidential.
 * They stand in `from`, as a count is asked of that alone and takes no value that it does not use.
 */
export function orderSource({ declaration }: Process, actor: Actor, bind: Bind): ListSource {
  const isOwn = () => {
    const me = `${bind(actor.id)}::uuid`;
    return `(o.ordered_by_id = ${me} or o.requested_for_id = ${me})`;
  };
  const isVisible = seesAll(actor, declaration.type) ? 'true' : isOwn();
  return {
    select: `o.id, o.number, ${personSql('ordered_by_id')} as "orderedBy",
             ${personSql('requested_for_id')} as "requestedFor", o.channel,
             to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
             r.requests`,
    from: `orders o cross join lateral
           (select ${requestsSql(wallsFor(actor, bind).isReadable('t'))} as requests) r`,
    where: `o.organization_id = $1 and ${isVisible}`,
  };
}
