/** The catalog as a requester sees it. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { CostInput, FormInput } from '../../models/service-catalog/definition.schema';
import { offersTo, type Offer } from '../../models/service-catalog/onlookers';
import { readItemVersion } from '../../models/service-catalog/reading';
import type { ItemDefinition } from '../../models/service-catalog/shape';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import { beneficiaryOf } from './for-whom';

const CatalogEntry = z
  .object({
    id: z.uuid(),
    version: z.int().describe('Send it with an order, to order what you saw.'),
    name: z.string(),
    description: z.string(),
    category: Reference,
    cost: CostInput.nullable(),
    deliverySeconds: z.int().nullable().describe('Working seconds until it is delivered.'),
    approval: z
      .enum(['none', 'conditional', 'always'])
      .describe('Whether somebody must approve it; conditional: it depends on the answers.'),
    mayOrder: z.boolean(),
  })
  .meta({ id: 'CatalogEntry' });
type CatalogEntry = z.infer<typeof CatalogEntry>;

/** Its type goes on for ever where it holds JSON: replies are not held against it by the compiler. */
const ShownForm: z.ZodType = FormInput;

const CatalogEntryInFull = CatalogEntry.extend({
  form: ShownForm,
  startDay: z.string().nullable().describe('The answer, a date, from which days are counted.'),
  tasks: z.array(z.string()).describe('What is done to deliver it, in the words of the plan.'),
}).meta({ id: 'CatalogEntryInFull' });

const forWhom = {
  for: z
    .uuid()
    .toLowerCase()
    .optional()
    .describe('As this person may order it; for agents and for whoever manages them.'),
};

const listing = defineListing({
  name: 'catalog',
  item: CatalogEntry,
  idSql: 'i.id',
  fields: {
    name: { type: 'text', column: 'v.name', nullable: false },
    category: { type: 'reference', column: 'i.category_id', nullable: false },
    categoryPosition: { type: 'integer', column: 'c.position', nullable: false },
    position: { type: 'integer', column: 'i.position', nullable: false },
  },
  sorts: ['name', 'categoryPosition', 'position'],
  defaultSort: 'categoryPosition,position,name',
  search: ['v.name', `v.definition->>'description'`],
});

const select = `i.id, v.version, v.name, v.definition->>'description' as description,
  ${referenceSql('c')} as category, nullif(v.definition->'cost', 'null') as cost,
  (v.definition->>'deliverySeconds')::int as "deliverySeconds",
  case when coalesce(v.definition->'approval', 'null') = 'null' then 'none'
       when v.definition #>> '{approval,when}' is null then 'always'
       else 'conditional' end as approval`;

const from = `catalog_items i
  join catalog_item_versions v
    on v.organization_id = i.organization_id and v.id = i.id and v.state = 'published'
  join catalog_categories c on c.organization_id = i.organization_id and c.id = i.category_id`;

type Row = Omit<CatalogEntry, 'mayOrder'>;

export function catalogRoutes(sources: ListSources): Route[] {
  return [listRoute(sources), readRoute(sources)];
}

function listRoute({ database, secret }: ListSources): Route {
  return defineRoute({
    method: 'get',
    path: '/catalog',
    tag: 'Service catalog',
    access: 'catalog:read',
    summary: 'List what I may see of the catalog, by category.',
    query: listQuery(listing, forWhom),
    reply: { status: 200, description: 'A page.', body: pageSchema(CatalogEntry) },
    handle: async ({ actor, query }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const { onlooker } = await beneficiaryOf(tx, actor, query.for, '/query/for');
        const offers = await offersTo(tx, onlooker);
        const where = 'i.organization_id = $1 and i.id = any($2::uuid[])';
        const binds = [tx.organizationId, offers.map(({ id }) => id)];
        const context = { actor, secret, binds };
        const source = { select, from, where };
        const page = await readPage<Row>(tx, { listing, query, source, context });
        const orderable = new Set(offers.flatMap((one) => (one.mayOrder ? [one.id] : [])));
        return pageReply(page, (row) => entryOf(row, orderable.has(row.id)));
      }),
  });
}

function readRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'get',
    path: '/catalog/items/{id}',
    tag: 'Service catalog',
    access: 'catalog:read',
    summary: 'Read an item of the catalog with its form.',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject(forWhom),
    reply: { status: 200, description: 'What is ordered now.', body: CatalogEntryInFull },
    handle: async ({ actor, params, query }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const { onlooker } = await beneficiaryOf(tx, actor, query.for, '/query/for');
        const [offer] = await offersTo(tx, onlooker, [params.id]);
        if (offer === undefined) throw notThere();
        return { body: await inFull(tx, offer) };
      }),
  });
}

export function notThere(): Refusal {
  return new Refusal('not_found', 'There is no such item in the catalog.');
}

async function inFull(tx: Tx, { id, mayOrder }: Offer) {
  const [row] = await tx.rows<Row>(
    `select ${select} from ${from} where i.organization_id = $1 and i.id = $2`,
    [tx.organizationId, id],
  );
  const read = row && (await readItemVersion(tx, { id, version: row.version }));
  if (row === undefined || read === undefined) throw notThere();
  return { ...entryOf(row, mayOrder), ...shown(read.definition) };
}

/** What is done automatically, by which activity and with which input, is nobody's but the designers'. */
function shown({ form, fulfilment }: ItemDefinition) {
  return {
    form,
    startDay: fulfilment.startDay,
    tasks: fulfilment.tasks.map(({ title }) => title),
  };
}

function entryOf(row: Row, mayOrder: boolean): CatalogEntry {
  return CatalogEntry.parse({ ...row, mayOrder });
}
