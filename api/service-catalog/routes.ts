/** The service catalog: what designers make of it. */
import { z } from 'zod';
import type { Activities } from '../../models/service-catalog/check/ground';
import type { Permission } from '../../models/users/permissions';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import type { ListSources } from '../http/list/readable';
import { read, resourceRoutes, type Resource } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { itemActRoutes } from './acts';
import { catalogCategoryRoutes } from './categories';
import { CatalogItemVersion, versionSql, type CatalogItem } from './item-shape';
import { itemsFor } from './items';

export function catalogDesignRoutes(
  sources: ListSources,
  activities: Activities,
  permissions: readonly Permission[],
): Route[] {
  const items = itemsFor(activities);
  return [
    ...catalogCategoryRoutes(sources),
    ...resourceRoutes(sources, items),
    versionsRoute(sources, items),
    ...itemActRoutes({ ...sources, items, activities, permissions }),
  ];
}

const listing = defineListing({
  name: 'catalog item versions',
  item: CatalogItemVersion,
  // All versions of an item have its id: their number breaks no tie, as it is the order.
  idSql: 'v.id',
  fields: { version: { type: 'integer', column: 'v.version', nullable: false } },
  sorts: ['version'],
  defaultSort: '-version',
});

function versionsRoute({ database, secret }: ListSources, items: Resource<CatalogItem>): Route {
  return defineRoute({
    method: 'get',
    path: `${items.path}/{id}/versions`,
    tag: items.tag,
    access: items.access,
    summary: 'List the versions of an item, the last first.',
    params: z.strictObject({ id: z.uuid() }),
    query: listQuery(listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(CatalogItemVersion) },
    handle: async ({ actor, params: { id }, query }) => {
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        await read(tx, items, id);
        const where = 'v.organization_id = $1 and v.id = $2::uuid';
        const source = {
          ...{ select: `${versionSql} as shown`, from: 'catalog_item_versions v', where },
        };
        const context = { actor, secret, binds: [tx.organizationId, id] };
        return readPage<{ readonly shown: unknown }>(tx, { listing, query, source, context });
      });
      return pageReply(page, ({ shown }) => CatalogItemVersion.parse(shown));
    },
  });
}
