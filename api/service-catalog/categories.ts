/** Categories of the service catalog, a tree by `parent`. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { CatalogCategoryRow } from '../../models/service-catalog/tables';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { refuseCircle } from '../http/resource/circle';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';

const CatalogCategory = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    position: z.int().describe('The lowest is shown first; of several the first by name.'),
    parent: Reference.nullable(),
    isActive: z.boolean().describe('Items of one that is not are not shown in the catalog.'),
    revision: z.int(),
  })
  .meta({ id: 'CatalogCategory' });

const input = z.strictObject({
  name: Line,
  description: z.string().trim().max(2_000).default(''),
  position: z.int().min(0).max(1_000_000).default(0),
  parentId: z.uuid().nullable().default(null),
  isActive: z.boolean().default(true),
});

const listing = defineListing({
  name: 'catalog categories',
  item: CatalogCategory,
  idSql: 'c.id',
  fields: {
    name: { type: 'text', column: 'c.name', nullable: false },
    position: { type: 'integer', column: 'c.position', nullable: false },
    parent: { type: 'reference', column: 'c.parent_id' },
    isActive: { type: 'boolean', column: 'c.is_active', nullable: false },
  },
  sorts: ['position', 'name'],
  defaultSort: 'position,name',
});

export function catalogCategoryRoutes(sources: ListSources): Route[] {
  return resourceRoutes<z.infer<typeof CatalogCategory>>(sources, {
    path: '/catalog-categories',
    tag: 'Service catalog',
    one: 'catalog category',
    many: 'categories of the service catalog',
    access: 'catalog:read',
    manage: 'catalog:manage',
    model: CatalogCategoryRow,
    input,
    refuse,
    listing,
    item: CatalogCategory,
    select: `c.id, c.name, c.description, c.position, ${referenceSql('p')} as parent,
             c.is_active as "isActive", c.revision`,
    from: `catalog_categories c left join catalog_categories p
             on p.organization_id = c.organization_id and p.id = c.parent_id`,
    present: (row) => CatalogCategory.parse(row),
  });
}

const tree = {
  table: 'catalog_categories',
  column: 'parent_id',
  pointer: '/parentId',
  detail: 'would put the category below itself',
} as const;

async function refuse(tx: Tx, { did, id, input: { parentId } }: Change): Promise<void> {
  if (did === 'deleted') await refuseAbove(tx, id);
  if (typeof parentId === 'string') await refuseCircle(tx, tree, id, parentId);
}

async function refuseAbove(tx: Tx, id: string): Promise<void> {
  const below = await tx.rows(
    'select 1 from catalog_categories where organization_id = $1 and parent_id = $2 limit 1',
    [tx.organizationId, id],
  );
  if (below.length === 0) return;
  throw new Refusal('conflict', 'Other categories are below it: move them first.');
}
