/** Known errors of problems: all of them for agents, what is published for everybody else. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { askedOf } from '../../models/search/asked';
import { seesAll } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { serviceSql, statementFor, type Statement } from './reach';

const states = ['draft', 'published'] as const;

export const KnownError = z
  .object({
    id: z.uuid().describe('Of the problem.'),
    number: z.string().nullable().describe('Of the problem; null for those who do not see it.'),
    title: z.string(),
    state: z.enum(states),
    isPublic: z.boolean(),
    symptoms: z.string(),
    workaround: z.string().nullable(),
    service: Reference.nullable(),
    publishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'KnownError' });

export type KnownErrorRow = Omit<z.infer<typeof KnownError>, 'publishedAt'> & {
  readonly publishedAt: Date | null;
};

export function knownErrorOf({ publishedAt, ...row }: KnownErrorRow): z.infer<typeof KnownError> {
  return { ...row, publishedAt: publishedAt?.toISOString() ?? null };
}

/** A known error as the statement reads it, from `k` with its problem `t`. */
export interface Known {
  readonly columns: string;
  readonly from: string;
  /** Which of them the caller may see. */
  readonly where: string;
  /** The words of it that they may find it by. */
  readonly words: string;
}

/** As a source of a statement; that of a confidential problem is shown to those who see the problem. */
export function knownErrorsFor(
  actor: Actor,
  { isReadable, isShown, isInner }: Pick<Statement, 'isReadable' | 'isShown' | 'isInner'>,
): Known {
  const isAgents = seesAll(actor, 'problem') ? `(${isReadable()} and ${isInner()})` : 'false';
  const isPublic = `k.state = 'published' and k.is_public`;
  return {
    columns: `k.ticket_id as id, case when ${isAgents} then t.number end as number, t.title, k.state,
      k.is_public as "isPublic", k.symptoms,
      case when ${isAgents} or k.is_workaround_public then k.workaround end as workaround,
      ${serviceSql} as service, k.published_at as "publishedAt"`,
    from: `known_errors k join tickets t on t.organization_id = k.organization_id and t.id = k.ticket_id`,
    where: `k.organization_id = $1 and k.state <> 'retired' and ${isShown()} and (${isAgents} or ${isPublic})`,
    words: `case when ${isAgents} then k.internal_words else k.public_words end`,
  };
}

const Query = z.strictObject({
  q: z.string().trim().min(1).max(200).optional().describe('Words, as in a search for tickets.'),
  service: z.uuid().optional().describe('Id of a service.'),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export function knownErrorsRoute({ database }: Pick<TicketDeps, 'database'>): Route {
  return defineRoute({
    method: 'get',
    path: '/known-errors',
    tag: 'Search',
    access: 'known-error:read',
    summary: 'Known errors with their workarounds: best first, or the latest first without `q`.',
    description:
      'Those who see all problems find drafts, too; all others what is published for everybody.',
    query: Query,
    reply: {
      status: 200,
      description: 'At most `limit`.',
      body: z.object({ data: z.array(KnownError) }).meta({ id: 'KnownErrors' }),
    },
    handle: async ({ actor, query }) => {
      const rows = await database.inOrganization(actor.organizationId, (tx) =>
        readKnownErrors(tx, actor, query),
      );
      return { body: { data: rows.map(knownErrorOf) } };
    },
  });
}

async function readKnownErrors(tx: Tx, actor: Actor, query: z.infer<typeof Query>) {
  const { q, service, limit } = query;
  const statement = statementFor(actor);
  const { binds, bind } = statement;
  const { columns, from, where, words } = knownErrorsFor(actor, statement);
  const narrowed = [where, ...(service === undefined ? [] : [`t.service_id = ${bind(service)}`])];
  if (q === undefined) {
    return tx.rowsOf<KnownErrorRow>(
      `select ${columns} from ${from} where ${narrowed.join(' and ')}
        order by k.published_at desc nulls first, k.ticket_id limit ${bind(limit)}`,
      binds,
    );
  }
  const { head, tail } = askedOf(q, []);
  const [heads, tails, said, most] = [head, tail, q, limit].map(bind);
  const isFound = { words: `${words} @@ q.words`, likeness: 'q.plain <% k.plain_title' };
  const rank = {
    words: `ts_rank(${words}, q.words, 1)`,
    likeness: 'word_similarity(q.plain, k.plain_title)',
  };
  const read = (way: keyof typeof rank) =>
    tx.rowsOf<KnownErrorRow>(
      `with q as materialized (
         select text_query($1, ${heads}, ${tails}) as words, lower(unaccent(${said})) as plain)
       select ${columns} from q cross join ${from}
        where ${narrowed.join(' and ')} and ${isFound[way]}
        order by ${rank[way]} desc, k.ticket_id limit ${most}`,
      binds,
    );
  const byWords = await read('words');
  return byWords.length > 0 ? byWords : read('likeness');
}
