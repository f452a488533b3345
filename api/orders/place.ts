/** An order: one transaction for it and all of its requests, then the starts of their lives. */
import { deliverNow } from '../../engine/outbox';
import { viewOf } from '../../engine/view';
import type { Tx } from '../../models/database';
import type { Instant } from '../../models/instant';
import { coveringOf, type Covering } from '../../models/service-catalog/covering';
import { idFrom } from '../../models/tickets/identity';
import { openTicket } from '../../models/tickets/kernel/birth';
import { takeNumber } from '../../models/tickets/kernel/store';
import type { Process } from '../../models/tickets/rules';
import { beneficiaryOf } from '../service-catalog/for-whom';
import { factOf, receivedAt, type Caller, type TicketDeps } from '../tickets/door';
import { briefly } from '../tickets/open';
import type { OrderInput, OrderLine } from './inputs';
import { checkLines, type CheckedLine } from './lines';

/** What follows from a committed order; a repeat has nothing to begin. */
type Begin = () => Promise<unknown>;

/** Orders, and answers its id: that of the request, so that a repeat after a crash finds what was ordered. */
export async function placeOrder(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  input: OrderInput,
): Promise<string> {
  const { organizationId } = caller.actor;
  const begins = await deps.database.inOrganization(organizationId, (tx) =>
    orderIn(tx, { deps, process, caller }, input),
  );
  await briefly(Promise.all(begins.map((begin) => begin())));
  return caller.request.commandId;
}

interface Ordering {
  readonly deps: TicketDeps;
  readonly process: Process;
  readonly caller: Caller;
}

async function orderIn(tx: Tx, ordering: Ordering, input: OrderInput): Promise<Begin[]> {
  const { caller } = ordering;
  const orderId = caller.request.commandId;
  if (await isThere(tx, orderId)) return [];
  const { actor } = caller;
  const beneficiary = await beneficiaryOf(tx, actor, input.requestedForId, '/requestedForId');
  const lines = await checkLines(tx, beneficiary, input.items, (n) => `/items/${n}`);
  const at = await receivedAt(caller, tx);
  // Taken before any ticket: orders of several requests hold more than one lock, so they come one by one.
  const number = await takeNumber(tx, 'order', 'ORD');
  await tx.rows(
    `insert into orders
       (organization_id, id, number, ordered_by_id, requested_for_id, channel, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.organizationId, orderId, number, actor.id, beneficiary.id, input.channel, at],
  );
  const about = { orderId, requestedForId: beneficiary.id, channel: input.channel, at };
  return openAll(tx, ordering, about, lines);
}

interface About {
  readonly orderId: string;
  readonly requestedForId: string;
  readonly channel: OrderInput['channel'];
  readonly at: Instant;
}

async function openAll(
  tx: Tx,
  ordering: Ordering,
  about: About,
  lines: readonly CheckedLine<OrderLine>[],
): Promise<Begin[]> {
  const { orderId } = about;
  const requests = lines.map((checked, n) => ({
    ...checked,
    id: idFrom(orderId, orderId, `item/${n}`),
  }));
  const coverings = coveringOf(
    requests.map(({ id, item, isAsked }) => ({ id, definition: item.definition, isAsked })),
  );
  const begins: Begin[] = [];
  for (const [position, { id, line, item }] of requests.entries()) {
    const covering = coverings.get(id) ?? { coveredById: null, covers: [] };
    begins.push(await openOne(tx, ordering, about, { id, line, item, covering }));
    await tx.rows(
      `insert into order_items
         (organization_id, order_id, position, ticket_id, item_id, version, quantity)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [tx.organizationId, orderId, position, id, item.id, item.version, line.quantity],
    );
  }
  return begins;
}

interface Opening extends Omit<CheckedLine<OrderLine>, 'isAsked'> {
  readonly id: string;
  readonly covering: Covering;
}

/** In the transaction of the order; its life is started after it, by the outbox if not at once. */
async function openOne(
  tx: Tx,
  { deps, process, caller }: Ordering,
  about: About,
  opening: Opening,
): Promise<Begin> {
  const { id } = opening;
  const input = process.inputs.open.parse(inputOf(about, opening));
  const fact = { ...factOf(caller, 'opened', input, about.at), cause: id };
  const { ticket, terms } = await openTicket(tx, process, id, fact);
  const living = { ticket, view: viewOf(process, ticket, terms), slug: terms.slug };
  const owed = { organizationId: tx.organizationId, ticketId: id, id };
  return () => deliverNow(deps, owed, () => deps.lives.start(living));
}

const longestTitle = 200;

function inputOf(about: About, { line, item, covering }: Opening) {
  const { name, definition } = item;
  const { quantity, answers } = line;
  const times = quantity > 1 ? ` × ${quantity}` : '';
  return {
    title: `${name.slice(0, longestTitle - times.length)}${times}`,
    description: definition.description,
    requesterId: about.requestedForId,
    ...{ serviceId: definition.serviceId, categoryId: null, teamId: definition.teamId },
    ...{ channel: about.channel, orderId: about.orderId },
    item: { id: item.id, version: item.version },
    ...{ quantity, answers, startDay: startDayOf(line, item), ...covering },
  };
}

/** What was said of the order counts before the answer that the plan names. */
function startDayOf({ startDay, answers }: OrderLine, { definition }: Opening['item']) {
  if (startDay !== null) return startDay;
  const { startDay: property } = definition.fulfilment;
  const answer = property === null ? undefined : answers[property];
  return typeof answer === 'string' ? answer : null;
}

async function isThere(tx: Tx, orderId: string): Promise<boolean> {
  const rows = await tx.rows('select 1 from orders where organization_id = $1 and id = $2', [
    tx.organizationId,
    orderId,
  ]);
  return rows.length > 0;
}
