/** Saved views of tickets: kept, run as whoever looks, and counted many at once. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import type { Process } from '../../models/tickets/rules';
import type { Actor } from '../../models/users/actor';
import { pageSchema } from '../http/list/page';
import { defaultLimit, greatestLimit, type ListQuery } from '../http/list/query';
import { resourceRoutes } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { readTickets } from '../tickets/list';
import { everyTicketShape, typesOf } from '../tickets/representation';
import { countAll, mostCounted, type Asked } from './count';
import { queryOf, viewListsOf, type ViewLists } from './lists';
import { viewFrom, viewResource, viewSelect, type ViewFacts } from './resource';
import { visibleSql } from './rights';

export function viewRoutes(deps: TicketDeps, processes: readonly Process[]): Route[] {
  const lists = viewListsOf(processes);
  return [
    ...resourceRoutes(deps, viewResource(lists, typesOf(processes))),
    runRoute(deps, lists, processes),
    countRoute(deps, lists),
  ];
}

function runRoute(
  { database, secret }: TicketDeps,
  lists: ViewLists,
  processes: readonly Process[],
): Route {
  // With the details of their type, and only the members that the view names.
  const item = everyTicketShape(processes).partial().loose().meta({ id: 'ViewTicket' });
  return defineRoute({
    method: 'get',
    path: '/views/{id}/tickets',
    tag: 'Views',
    access: 'signedIn',
    summary: 'The tickets of a view, as I see them.',
    description: 'What its list answers me to its filter, sort and fields.',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(greatestLimit).default(defaultLimit),
      cursor: z.string().min(1).max(2_000).optional(),
      count: z
        .enum(['true', 'false'])
        .default('false')
        .describe('Adds `total`, exact up to 10,000.'),
    }),
    reply: { status: 200, description: 'A page.', body: pageSchema(item) },
    handle: async ({ actor, params, query }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const [view] = await viewsOf(tx, actor, [params.id]);
        if (!view) throw new Refusal('not_found', 'There is no such view.');
        const list = lists.get(view.ticketType);
        const saved = queryOf(lists, view);
        if (list === undefined || saved === undefined) throw brokenOf(view);
        if (!list.isFor(actor))
          throw new Refusal('forbidden', `You may not list ${view.ticketType}.`);
        const { limit, cursor } = query;
        const asked: ListQuery = { ...saved, limit, cursor, count: query.count === 'true' };
        const { body, nextCursor } = await readTickets(tx, list, asked, { actor, secret });
        const { data, ...page } = body;
        return {
          body: { ...page, data: data.map((one) => picked(one, saved.fields)) },
          nextCursor,
        };
      }),
  });
}

function brokenOf({ name }: ViewFacts): Refusal {
  const why = `The view ${name} names what its list does not have any more: edit it.`;
  return new Refusal('conflict', why);
}

function picked(thing: object, fields: readonly string[] | undefined): Record<string, unknown> {
  const members = Object.entries(thing);
  return Object.fromEntries(
    fields === undefined ? members : members.filter(([name]) => fields.includes(name)),
  );
}

const mostAtOnce = 50;
const reasons = ['notFound', 'forbidden', 'broken', 'slow'] as const;

const Count = z
  .object({
    id: z.uuid(),
    count: z.int().nullable().describe(`At most ${mostCounted}.`),
    isCapped: z.boolean().describe('There are more than `count`.'),
    reason: z.enum(reasons).nullable().describe('Why there is no count.'),
  })
  .meta({ id: 'ViewCount' });

type CountBody = z.infer<typeof Count>;

function countRoute({ database, secret }: TicketDeps, lists: ViewLists): Route {
  return defineRoute({
    method: 'get',
    path: '/views/counts',
    tag: 'Views',
    access: 'signedIn',
    summary: 'How many tickets views have, as I see them.',
    description: 'A view that takes too long to count has no count; the others have theirs.',
    query: z.strictObject({
      ids: z
        .string()
        .transform((text) => [...new Set(text.toLowerCase().split(','))])
        .pipe(z.array(z.uuid()).min(1).max(mostAtOnce))
        .describe(`Ids of views, separated by commas, at most ${mostAtOnce}.`),
    }),
    reply: {
      status: 200,
      description: 'One for each id, in their order.',
      body: z.object({ data: z.array(Count) }),
    },
    handle: async ({ actor, query: { ids } }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const views = new Map((await viewsOf(tx, actor, ids)).map((view) => [view.id, view]));
        const found = ids.map((id) => ({ id, ...askedOf(lists, actor, views.get(id)) }));
        const asked = found.flatMap(({ asked: one }) => (one ? [one] : []));
        const counts = await countAll(tx, asked, { actor, secret });
        const data = found.map(({ id, reason }): CountBody => {
          const count = counts.get(id) ?? null;
          if (count === null) return { id, count, isCapped: false, reason: reason ?? 'slow' };
          const isCapped = count > mostCounted;
          return { id, count: Math.min(count, mostCounted), isCapped, reason: null };
        });
        return { body: { data } };
      }),
  });
}

interface Askable {
  readonly asked?: Asked;
  readonly reason?: (typeof reasons)[number];
}

function askedOf(lists: ViewLists, actor: Actor, view: ViewFacts | undefined): Askable {
  if (view === undefined) return { reason: 'notFound' };
  const list = lists.get(view.ticketType);
  const query = queryOf(lists, view);
  if (list === undefined || query === undefined) return { reason: 'broken' };
  if (!list.isFor(actor)) return { reason: 'forbidden' };
  return { asked: { id: view.id, list, query } };
}

function viewsOf(tx: Tx, actor: Actor, ids: readonly string[]): Promise<ViewFacts[]> {
  return tx.rowsOf<ViewFacts>(
    `select ${viewSelect} from ${viewFrom}
      where v.organization_id = $1 and v.id = any($2::uuid[]) and ${visibleSql(actor)}`,
    [tx.organizationId, ids],
  );
}
