/** Tickets by their words, best first: by number, by full text, and by likeness of titles when it finds nothing. */
import type { Tx } from '../../models/database';
import type { Condition } from '../../models/filter/condition';
import type { Asked } from '../../models/search/asked';
import { excerptOf, foundFrom, foundTo, headlineOptions } from '../../models/search/excerpt';
import type { Actor } from '../../models/users/actor';
import { conditionSql } from '../http/filter/sql';
import type { Listing } from '../http/list/listing';
import type { Reference } from '../http/reference';
import { reachOf, serviceSql, statementFor, type Statement } from './reach';

export interface Wanted {
  readonly q: string;
  readonly asked: Asked;
  /** Null: of every type. */
  readonly type: string | null;
  readonly isOpen: boolean | null;
  /** Absent: among all. */
  readonly among: { readonly listing: Listing; readonly condition: Condition } | undefined;
  readonly limit: number;
}

export interface Hit {
  readonly id: string;
  readonly number: string;
  readonly type: string;
  readonly title: string;
  readonly state: string;
  readonly isOpen: boolean;
  readonly priority: string | null;
  readonly service: Reference | null;
  readonly openedAt: Date;
  /** HTML. */
  readonly excerpt: string;
}

/** How they were found; `nothing`: in no way. */
export const ways = ['words', 'likeness', 'nothing'] as const;
export type Way = (typeof ways)[number];

/** Of a common word so many of the newest are looked at; more where only some of them are wanted. */
function mostCandidates({ among }: Wanted): number {
  return among === undefined ? 500 : 5_000;
}

export async function findTickets(
  tx: Tx,
  actor: Actor,
  wanted: Wanted,
): Promise<{ foundBy: Way; hits: Hit[] }> {
  const byWords = await read(tx, actor, wanted, wordsSql);
  if (byWords.length > 0) return { foundBy: 'words', hits: byWords };
  // Who gives a number, or says how words belong together, means just that.
  const { number, isPlain } = wanted.asked;
  if (number !== null || !isPlain) return { foundBy: 'nothing', hits: [] };
  const byLikeness = await read(tx, actor, wanted, likenessSql);
  return { foundBy: byLikeness.length > 0 ? 'likeness' : 'nothing', hits: byLikeness };
}

/** Candidates of the database's functions (models/migrations/0027-search-finding.ts). */
type Candidates = (actor: Actor, wanted: Wanted, bind: Statement['bind']) => string;

const wordsSql: Candidates = (actor, wanted, bind) => {
  const { asked, type, isOpen } = wanted;
  const { whole, people, isInternal } = reachOf(actor);
  const types = type === null ? null : [type];
  const given = [
    asked.head,
    asked.tail,
    isInternal,
    types,
    whole,
    people,
    isOpen,
    mostCandidates(wanted),
  ];
  const byWords = `select * from find_ticket_texts(${given.map(bind).join(', ')})`;
  if (asked.number === null) return byWords;
  const { number, type: itsType } = asked.number;
  return `${byWords} union all select n.id, 1000, true from tickets n
    where n.organization_id = $1 and n.type = ${bind(itsType)} and n.number = ${bind(number)}`;
};

const likenessSql: Candidates = (actor, wanted, bind) => {
  const { q, type, isOpen } = wanted;
  const { whole, people } = reachOf(actor);
  const types = type === null ? null : [type];
  const given = [q, types, whole, people, isOpen, mostCandidates(wanted)];
  return `select * from find_ticket_titles(${given.map(bind).join(', ')})`;
};

type Row = Omit<Hit, 'excerpt'> & { readonly headline: string };

async function read(tx: Tx, actor: Actor, wanted: Wanted, candidates: Candidates): Promise<Hit[]> {
  const statement = statementFor(actor);
  const { binds, bind } = statement;
  const isInner = statement.isInner();
  const { asked, type, isOpen, limit, among } = wanted;
  const isWanted = among ? conditionSql(among.condition, { ...among, actor, bind }) : 'true';
  const text = `select t.*, t as whole, ${isInner} as is_inner, f.rank
    from (select c.ticket_id, max(c.rank) as rank, bool_or(c.is_public) as is_public
            from (${candidates(actor, wanted, bind)}) c group by c.ticket_id) f
    join tickets t on t.organization_id = $1 and t.id = f.ticket_id
   where ${statement.isReadable()} and (f.is_public or ${isInner}) and (${isWanted})`;
  // In the order of ranks alone, so that no more tickets are read than are shown.
  const found = await tx.rowsOf<Row>(
    `select t.id, t.number, t.type, t.title, t.state, t.is_open as "isOpen", t.priority,
            ${serviceSql} as service, t.opened_at as "openedAt",
            ts_headline((select text_config(text_language_of($1))), ${documentSql},
              (select text_query($1, ${bind(asked.head)}, ${bind(asked.tail)})),
              ${bind(headlineOptions)}) as headline
       from (${text} and (${bind(type)}::text is null or t.type = ${bind(type)})
                 and (${bind(isOpen)}::boolean is null or t.is_open = ${bind(isOpen)})
              order by f.rank desc, f.ticket_id limit ${bind(limit)}) t
      order by t.rank desc, t.id`,
    binds,
  );
  return found.map(({ headline, ...hit }) => ({ ...hit, excerpt: excerptOf(headline) }));
}

/** What of it they may read, without the signs that mark what was found. */
const documentSql = `translate(left(concat_ws(' … ', t.description,
    case when t.is_inner then internal_texts(t.whole) else told_texts(t.whole) end,
    (select string_agg(c.body, ' … ' order by c.created_at) from ticket_comments c
      where c.organization_id = $1 and c.ticket_id = t.id and (c.is_public or t.is_inner))), 8000),
  '${foundFrom}${foundTo}', '')`;
