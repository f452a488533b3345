/** Orders: what is wanted of the catalog, as one request for each item. Only where there are requests. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { CostInput } from '../../models/service-catalog/definition.schema';
import { offersTo } from '../../models/service-catalog/onlookers';
import type { Process } from '../../models/tickets/rules';
import type { Actor } from '../../models/users/actor';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import { defineRoute, type Route } from '../http/route';
import { notThere } from '../service-catalog/catalog';
import { beneficiaryOf, type Beneficiary } from '../service-catalog/for-whom';
import type { TicketDeps } from '../tickets/door';
import { OrderInput, ValidateInput } from './inputs';
import { checkLines } from './lines';
import { placeOrder } from './place';
import { Order, orderListing, orderSource } from './shown';

const tag = 'Service catalog';

export function orderRoutes(deps: TicketDeps, processes: readonly Process[]): Route[] {
  const process = processes.find(({ declaration }) => declaration.type === 'request');
  if (process === undefined) return [];
  return [
    validateRoute(deps),
    placeRoute(deps, process),
    listRoute(deps, process),
    readRoute(deps, process),
  ];
}

const Valid = z
  .object({
    cost: CostInput.nullable().describe('Of all that would be ordered.'),
    needsApproval: z.boolean(),
  })
  .meta({ id: 'CatalogAnswersValid' });

function validateRoute({ database }: TicketDeps): Route {
  return defineRoute({
    method: 'post',
    path: '/catalog/items/{id}/actions/validate',
    tag,
    access: 'catalog:order',
    ifMatch: false,
    summary: 'Check answers against the form of an item; nothing is ordered.',
    params: z.strictObject({ id: z.uuid().toLowerCase() }),
    body: ValidateInput,
    reply: { status: 200, description: 'They may be ordered with.', body: Valid },
    handle: async ({ actor, params: { id: itemId }, body }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const { requestedForId, ...line } = body;
        const beneficiary = await beneficiaryOf(tx, actor, requestedForId, '/requestedForId');
        await refuseUnoffered(tx, beneficiary, itemId);
        const [checked] = await checkLines(tx, beneficiary, [{ itemId, ...line }], () => '');
        if (checked === undefined) throw new Error('A line is neither wrong nor right');
        const { cost } = checked.item.definition;
        const total = cost && { ...cost, amount: cost.amount * line.quantity };
        return { body: { cost: total, needsApproval: checked.isAsked } };
      }),
  });
}

async function refuseUnoffered(tx: Tx, { onlooker }: Beneficiary, itemId: string): Promise<void> {
  const [offer] = await offersTo(tx, onlooker, [itemId]);
  if (offer === undefined) throw notThere();
  if (!offer.mayOrder)
    throw new Refusal('forbidden', 'The item may not be ordered for this person.');
}

function placeRoute(deps: TicketDeps, process: Process): Route {
  return defineRoute({
    method: 'post',
    path: '/orders',
    tag,
    access: 'catalog:order',
    summary: 'Order from the catalog: one request is opened for each item.',
    body: OrderInput,
    reply: { status: 201, description: 'It is ordered.', body: Order },
    handle: async ({ actor, body, request }) => {
      const id = await placeOrder(deps, process, { actor, request }, body);
      const order = await deps.database.inOrganization(actor.organizationId, (tx) =>
        orderOf(tx, process, actor, id),
      );
      return { body: order, location: `/api/v1/orders/${id}` };
    },
  });
}

function listRoute({ database, secret }: TicketDeps, process: Process): Route {
  return defineRoute({
    method: 'get',
    path: '/orders',
    tag,
    access: 'catalog:read',
    summary: 'List orders of mine and for me; all, for who may see all requests.',
    query: listQuery(orderListing),
    reply: { status: 200, description: 'A page.', body: pageSchema(Order) },
    handle: async ({ actor, query }) => {
      const binds: unknown[] = [actor.organizationId];
      const source = orderSource(process, actor, (value) => `$${binds.push(value)}`);
      const context = { actor, secret, binds };
      const page = await database.inOrganization(actor.organizationId, (tx) =>
        readPage<Order>(tx, { listing: orderListing, query, source, context }),
      );
      return pageReply(page, (row) => Order.parse(row));
    },
  });
}

function readRoute({ database }: TicketDeps, process: Process): Route {
  return defineRoute({
    method: 'get',
    path: '/orders/{id}',
    tag,
    access: 'catalog:read',
    summary: 'Read an order with its requests.',
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 200, description: 'The order.', body: Order },
    handle: async ({ actor, params: { id } }) => ({
      body: await database.inOrganization(actor.organizationId, (tx) =>
        orderOf(tx, process, actor, id),
      ),
    }),
  });
}

async function orderOf(tx: Tx, process: Process, actor: Actor, id: string): Promise<Order> {
  const binds: unknown[] = [tx.organizationId, id];
  const { select, from, where } = orderSource(process, actor, (value) => `$${binds.push(value)}`);
  const [row] = await tx.rows(
    `select ${select} from ${from} where ${where ?? 'true'} and o.id = $2::uuid`,
    binds,
  );
  if (row === undefined) throw new Refusal('not_found', 'There is no such order.');
  return Order.parse(row);
}
