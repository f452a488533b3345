/** What may help whoever is writing down an incident: known errors, and open incidents like it. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import type { Process } from '../../models/tickets/rules';
import { priorities } from '../../models/tickets/ticket';
import type { Actor } from '../../models/users/actor';
import { may } from '../../models/users/permissions';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { KnownError, knownErrorOf, knownErrorsFor, type KnownErrorRow } from './known-errors';
import { reachOf, serviceSql, statementFor } from './reach';

const Draft = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    description: z.string().trim().max(20_000).default(''),
    serviceId: z.uuid().nullable().default(null),
    categoryId: z.uuid().nullable().default(null),
  })
  .meta({ id: 'IncidentDraft' });
type Draft = z.infer<typeof Draft>;

const Similar = z
  .object({
    id: z.uuid(),
    number: z.string(),
    title: z.string(),
    state: z.string(),
    priority: z.enum(priorities).nullable(),
    isMajor: z.boolean(),
    service: Reference.nullable(),
    openedAt: z.iso.datetime(),
  })
  .meta({ id: 'SimilarTicket' });

/** So many of each. */
const most = 5;
const mostCandidates = 50;
/** What is less like it shares a frequent word and no more. */
const leastLikeness = 0.25;

export function suggestionRoutes(
  { database }: Pick<TicketDeps, 'database'>,
  processes: readonly Process[],
): Route[] {
  const process = processes.find(({ declaration }) => declaration.type === 'incident');
  if (process === undefined) return [];
  const { type, path, title } = process.declaration;
  return [
    defineRoute({
      method: 'post',
      path: `/${path}/suggestions`,
      tag: title,
      access: `${type}:open`,
      summary: 'What is known already of an incident that is being written down.',
      description:
        'While typing. Known errors with workarounds, and open incidents that say something like it, major ones first: of all that I may see. Nothing is kept.',
      // Nothing is made, so that no answer is kept for repeats.
      secret: true,
      body: Draft,
      reply: {
        status: 200,
        description: 'Best first.',
        body: z
          .object({ knownErrors: z.array(KnownError), incidents: z.array(Similar) })
          .meta({ id: 'Suggestions' }),
      },
      handle: ({ actor, body }) =>
        database.inOrganization(actor.organizationId, async (tx) => {
          await refuseUnknown(tx, body);
          const [knownErrors, incidents] = await Promise.all([
            suggestKnownErrors(tx, actor, body),
            findSimilar(tx, actor, type, body),
          ]);
          return { body: { knownErrors, incidents } };
        }),
    }),
  ];
}

async function refuseUnknown(tx: Tx, { serviceId, categoryId }: Draft): Promise<void> {
  if (serviceId === null && categoryId === null) return;
  const [found] = await tx.rows<{ service: boolean; category: boolean }>(
    `select $2::uuid is null or exists (
              select 1 from services where organization_id = $1 and id = $2::uuid) as service,
            $3::uuid is null or exists (
              select 1 from categories where organization_id = $1 and id = $3::uuid) as category`,
    [tx.organizationId, serviceId, categoryId],
  );
  if (found?.service !== true)
    throw invalid('/serviceId', 'is no service that is there', 'not_found');
  if (!found.category) throw invalid('/categoryId', 'is no category that is there', 'not_found');
}

async function suggestKnownErrors(tx: Tx, actor: Actor, draft: Draft) {
  if (!may(actor, 'known-error:read')) return [];
  const statement = statementFor(actor);
  const { binds, bind } = statement;
  const { columns, from, where, words } = knownErrorsFor(actor, statement);
  const [title, description] = [bind(draft.title), bind(draft.description)];
  const isSame = `coalesce(t.service_id = ${bind(draft.serviceId)}::uuid, false)`;
  const likeness = `ts_rank(${words}, q.words, 1) + 0.5 * ts_rank(${words}, q.more, 1)
    + 0.5 * similarity(k.plain_title, q.plain) + case when ${isSame} then 0.15 else 0 end`;
  const rows = await tx.rowsOf<KnownErrorRow>(
    `with q as materialized (
       select any_word($1, ${title}, 12) as words, any_word($1, left(${description}, 2000), 20) as more,
              lower(unaccent(${title})) as plain)
     select ${columns} from q cross join ${from}
      where ${where} and (${words}) @@ (q.words || q.more) and ${likeness} >= ${bind(leastLikeness)}
      order by ${likeness} desc, k.ticket_id limit ${bind(most)}`,
    binds,
  );
  return rows.map(knownErrorOf);
}

type SimilarRow = Omit<z.infer<typeof Similar>, 'openedAt'> & { readonly openedAt: Date };

async function findSimilar(tx: Tx, actor: Actor, type: string, draft: Draft) {
  const { binds, bind, isReadable } = statementFor(actor);
  const { whole, people } = reachOf(actor);
  const { title, description, serviceId, categoryId } = draft;
  const found = [title, description, type, whole, people, mostCandidates].map(bind).join(', ');
  const same = (column: string, id: string | null, weight: number) =>
    `case when t.${column} = ${bind(id)}::uuid then ${weight} else 0 end`;
  const rows = await tx.rowsOf<SimilarRow>(
    `select t.id, t.number, t.title, t.state, t.priority,
            coalesce(jsonb_typeof(t.snapshot #> '{details,major}') = 'object', false) as "isMajor",
            ${serviceSql} as service, t.opened_at as "openedAt"
       from find_similar_tickets(${found}) f
       join tickets t on t.organization_id = $1 and t.id = f.ticket_id
      where ${isReadable()} and f.rank >= ${bind(leastLikeness)}
      order by "isMajor" desc,
               f.rank + ${same('service_id', serviceId, 0.15)} + ${same('category_id', categoryId, 0.05)} desc,
               t.opened_at desc, t.id limit ${bind(most)}`,
    binds,
  );
  return rows.map((row) => ({ ...row, openedAt: row.openedAt.toISOString() }));
}
