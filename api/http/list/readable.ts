/** List and read of a plain resource: two routes from one declaration. */
import { z } from 'zod';
import { Refusal } from '../../../models/errors';
import type { Database, Tx } from '../../../models/database';
import type { Actor } from '../../../models/users/actor';
import { defineRoute, type Access, type Route } from '../route';
import type { Listing } from './listing';
import { pageReply, pageSchema, readPage } from './page';
import { fieldsOf, listQuery, type ListQuery } from './query';

export interface ListSources {
  readonly database: Pick<Database, 'inOrganization'>;
  /** Signs the cursors. */
  readonly secret: string;
}

export interface Readable<Row extends object> {
  /** Below the base, plural: `/teams`. */
  readonly path: string;
  readonly tag: string;
  /** `team`, `teams`. */
  readonly one: string;
  readonly many: string;
  readonly access: Exclude<Access, 'public'>;
  readonly listing: Listing;
  readonly item: z.ZodObject;
  readonly select: string;
  readonly from: string;
  readonly present: (row: Row, actor: Actor) => Readonly<Record<string, unknown>>;
  /** Condition on what is of this kind, where a table holds others, too; without binds. */
  readonly within?: string;
  /** Condition on what this actor may see; without binds. Absent: everything of its organization. */
  readonly visibleTo?: (actor: Actor) => string;
  /** Columns that `search=` looks through for this actor; default: all that the listing names. */
  readonly searched?: (actor: Actor) => readonly string[];
  /**
   * Where rows are many: ids among which are all that `search=` finds, from an index; undefined when they
   * are many, too.
   */
  readonly candidates?: (tx: Tx, text: string) => Promise<readonly string[] | undefined>;
  /** Refuses a query that this actor may not ask. */
  readonly check?: (query: ListQuery, actor: Actor) => void;
}

export function readRoutes<Row extends object>(
  sources: ListSources,
  readable: Readable<Row>,
): Route[] {
  return [listRoute(sources, readable), readRoute(sources, readable)];
}

function listRoute<Row extends object>(
  { database, secret }: ListSources,
  readable: Readable<Row>,
): Route {
  const { path, tag, access, listing, many } = readable;
  return defineRoute({
    method: 'get',
    path,
    tag,
    access,
    summary: `List ${many}.`,
    query: listQuery(listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(readable.item) },
    handle: async ({ actor, query }) => {
      readable.check?.(query, actor);
      const { select, from } = readable;
      const source = { select, from, where: whereOf(readable, actor) };
      const searched = readable.searched?.(actor) ?? listing.search;
      const { search }: ListQuery = query;
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        const among = search === undefined ? undefined : await readable.candidates?.(tx, search);
        const context = { actor, secret, searched, among };
        return readPage<Row>(tx, { listing, query, source, context });
      });
      return pageReply(page, (row) => readable.present(row, actor));
    },
  });
}

function readRoute<Row extends object>({ database }: ListSources, readable: Readable<Row>): Route {
  const { path, tag, access, listing, item, one, select, from } = readable;
  return defineRoute({
    method: 'get',
    path: `${path}/{id}`,
    tag,
    access,
    summary: `Read a ${one}.`,
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({ fields: fieldsOf(item) }),
    reply: { status: 200, description: `The ${one}.`, body: item },
    handle: async ({ actor, params }) => {
      const sql = `select ${select} from ${from}
        where ${listing.idSql} = $1::uuid and ${whereOf(readable, actor)}`;
      const [row] = await database.inOrganization(actor.organizationId, (tx) =>
        tx.rows<Row>(sql, [params.id]),
      );
      if (row === undefined) throw new Refusal('not_found', `There is no such ${one}.`);
      const { revision } = row as { readonly revision?: number };
      return { body: readable.present(row, actor), ...(revision !== undefined && { revision }) };
    },
  });
}

function whereOf<Row extends object>(
  { within = 'true', visibleTo }: Readable<Row>,
  actor: Actor,
): string {
  return `(${within}) and (${visibleTo?.(actor) ?? 'true'})`;
}
