/** Categories of tickets, a tree by `parent`. */
import { z } from 'zod';
import { CategoryRow } from '../../models/catalogue/tables';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { resourceRoutes } from '../http/resource/resource';
import type { Route } from '../http/route';

const Category = z
  .object({
    id: z.uuid(),
    name: z.string(),
    parent: Reference.nullable(),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Category' });

const input = z.strictObject({
  name: z.string().trim().min(1).max(200),
  parentId: z.uuid().nullable().default(null),
  isActive: z.boolean().default(true),
});

const categories = defineListing({
  name: 'categories',
  item: Category,
  idSql: 'c.id',
  fields: {
    name: { type: 'text', column: 'c.name', nullable: false },
    parent: { type: 'reference', column: 'c.parent_id' },
    isActive: { type: 'boolean', column: 'c.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

export function categoryRoutes(sources: ListSources): Route[] {
  return resourceRoutes<z.infer<typeof Category>>(sources, {
    path: '/categories',
    tag: 'Catalogue',
    one: 'category',
    many: 'categories',
    access: 'signedIn',
    manage: 'category:manage',
    model: CategoryRow,
    input,
    refuse: refuseCycle,
    listing: categories,
    item: Category,
    select: `c.id, c.name, ${referenceSql('p')} as parent, c.is_active as "isActive", c.revision`,
    from: 'categories c left join categories p on p.organization_id = c.organization_id and p.id = c.parent_id',
    present: ({ id, name, parent, isActive, revision }) => {
      return { id, name, parent, isActive, revision };
    },
  });
}

/** One writer at a time: two moves that are harmless alone may close a circle together. */
async function refuseCycle(
  tx: Tx,
  id: string,
  { parentId }: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (parentId === null || parentId === undefined) return;
  await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${tx.organizationId}/categories`,
  ]);
  const above = await tx.rows<{ id: string }>(
    `with recursive above as (
       select id, parent_id from categories where organization_id = $1 and id = $2
        union
       select c.id, c.parent_id from categories c join above a on c.id = a.parent_id
        where c.organization_id = $1)
     select id from above`,
    [tx.organizationId, parentId],
  );
  if (parentId === id || above.some((one) => one.id === id)) {
    throw invalid('/parentId', 'would put the category below itself', 'cycle');
  }
}
