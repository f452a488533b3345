/** Catalog items, requests and what happens to them, for tests of pure rules. */
import type { AutomaticTask, ManualTask, Plan, PlannedTask } from '../models/fulfilment/shape';
import type { ApprovalPolicy, ItemDefinition, ItemVersion } from '../models/service-catalog/shape';
import type { Covered } from '../models/service-catalog/ordered';
import type { Fact } from '../models/tickets/fact';
import type { Context } from '../models/tickets/rules';
import type { Ticket } from '../models/tickets/ticket';
import type { RequestDetails } from '../workflows/requests/details';
import type { OpenRequest } from '../workflows/requests/inputs';
import { request } from '../workflows/requests/process';
import { requestInputs } from '../workflows/requests/inputs';
import { aContext, aFact, goOn, later, monday, opened, people, processOf, uuid } from './factories';
import type { Told } from './factories';

/** By hand, of the network team's, done by the end of the second day. */
export function byHand(key: string, more: Partial<Omit<ManualTask, 'kind'>> = {}): ManualTask {
  return {
    ...{ key, title: `Do ${key}`, kind: 'manual', after: [], when: null, notBeforeDays: null },
    ...{ description: '', teamId: null, dueDays: null, outcomes: ['done'], undo: null },
    ...more,
  };
}

/** Undone by the activity `undo`. */
export function automatic(
  key: string,
  more: Partial<Omit<AutomaticTask, 'kind'>> = {},
): AutomaticTask {
  return {
    ...{ key, title: `Make ${key}`, kind: 'automatic', after: [], when: null },
    ...{ notBeforeDays: null, activity: 'make', input: { what: key }, attempts: 3 },
    undo: { activity: 'unmake', input: { what: `{results.${key}}` } },
    ...more,
  };
}

export function aPlan(tasks: readonly PlannedTask[], more: Partial<Plan> = {}): Plan {
  return { tasks, startDay: null, onFailure: 'undo', ...more };
}

/** An item with a form of a text and a number that costs 10, without approval and without a plan. */
export function anItem(definition: Partial<ItemDefinition> = {}): ItemVersion {
  return {
    ...{ id: uuid(71), version: 3, name: 'Laptop' },
    definition: {
      ...{ description: 'To carry about.', audience: { see: null, order: null } },
      form: {
        schema: {
          type: 'object',
          properties: { model: { type: 'string' }, screens: { type: 'integer' } },
        },
        hints: { order: [], fields: {} },
      },
      ...{ cost: { amount: 10, currency: 'EUR', per: 'once' }, serviceId: null, teamId: null },
      ...{ deliverySeconds: 7_200, approval: null, fulfilment: aPlan([]) },
      ...definition,
    },
  };
}

/** Decided by one round of the manager's. */
export const byManager: ApprovalPolicy = {
  when: null,
  coversOrder: true,
  stages: [
    [
      {
        ...{ name: 'Manager', quorum: { kind: 'anyone' }, expiresInHours: 48 },
        approvers: [{ kind: 'relation', relation: 'requesterManager', veto: false }],
        ...{ onExpiry: 'reject', remindEveryHours: null },
      },
    ],
  ],
};

export interface Ordered {
  readonly item: ItemVersion;
  readonly input?: Partial<OpenRequest>;
  readonly covered?: readonly Covered[];
}

export function contextOf({ item, covered = [] }: Ordered): Context {
  return aContext({ own: (id) => (id === 'item' ? item : covered) });
}

/** A request as the requester ordered it on Monday at nine, before its life has begun. */
export function ordered(order: Ordered): Told {
  const { id, version } = order.item;
  const input = requestInputs.open.parse({
    ...{ title: 'Laptop', description: 'Ordered.', requesterId: people.requester.id },
    ...{ serviceId: null, channel: 'portal', orderId: uuid(72), item: { id, version } },
    ...{ answers: { model: 'big', screens: 2 } },
    ...order.input,
  });
  const fact = aFact('opened', input, { actor: people.requester, occurredAt: monday });
  const happening = opened(fact, contextOf(order), processOf(request.type));
  const ticket = { ...happening.ticket, number: 'REQ0000042' };
  return { ticket, happenings: [{ ...happening, ticket }] };
}

/** What was said to it since, in this order. */
export function after(order: Ordered, facts: readonly Fact[]): Told {
  const begin = aFact('due', {}, { via: 'engine', occurredAt: later({ minutes: 1 }) });
  return goOn(ordered(order), [begin, ...facts], contextOf(order));
}

export function detailsOf({ ticket }: { ticket: Ticket }): RequestDetails {
  return ticket.details as unknown as RequestDetails;
}

/** `{ laptop: 'running' }`. */
export function statesOf(told: { ticket: Ticket }): Record<string, string> {
  return Object.fromEntries(detailsOf(told).tasks.map(({ key, state }) => [key, state]));
}

/** The word of the engine about a piece of work that it owes now. */
export function worked(told: Told, key: string, result: object | { error: string }): Fact {
  const work = told.ticket.work.find((one) => one.key === key);
  if (!work) throw new Error(`It does not owe ${key}`);
  const hasFailed = 'error' in result;
  const input = { key, n: work.n, ...(hasFailed ? result : { result }) };
  const name = hasFailed ? 'workFailed' : 'workDone';
  return aFact(name, input, {
    via: 'engine',
    cause: `${key}/${work.n}`,
    occurredAt: later({ hours: 2 }),
  });
}

/** The word of the task ticket that does it by hand, or undoes it. */
export function handled(told: Told, key: string, isDone = true, outcome = 'done'): Fact {
  const task = detailsOf(told).tasks.find((one) => one.key === key);
  if (!task?.ticketId) throw new Error(`Nobody does ${key}`);
  const isUndo = task.state === 'undoing';
  const said = { outcome: isDone ? outcome : null, note: isDone ? null : 'No.' };
  const input = { taskId: task.ticketId, key, isUndo, isDone, ...said };
  return aFact('taskEnded', input, { via: 'signal', occurredAt: later({ hours: 3 }) });
}
