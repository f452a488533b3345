/** Categories of tickets, a tree by `parent`. */
import { z } from 'zod';
import { readRoutes, type ListSources } from '../http/list/readable';
import { defineListing } from '../http/list/listing';
import { Reference, referenceSql } from '../http/reference';
import type { Route } from '../http/route';

const Category = z
  .object({
    id: z.uuid(),
    name: z.string(),
    parent: Reference.nullable(),
    isActive: z.boolean(),
  })
  .meta({ id: 'Category' });

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
  return readRoutes<z.infer<typeof Category>>(sources, {
    path: '/categories',
    tag: 'Catalogue',
    one: 'category',
    many: 'categories',
    access: 'signedIn',
    listing: categories,
    item: Category,
    select: `c.id, c.name, ${referenceSql('p')} as parent, c.is_active as "isActive"`,
    from: 'categories c left join categories p on p.organization_id = c.organization_id and p.id = c.parent_id',
    present: ({ id, name, parent, isActive }) => ({ id, name, parent, isActive }),
  });
}
