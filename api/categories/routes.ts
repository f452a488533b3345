/** Categories of tickets, a tree by `parent`. */
import { z } from 'zod';
import { CategoryRow } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { refuseCircle } from '../http/resource/circle';
import { resourceRoutes, type Change } from '../http/resource/resource';
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
  name: Line,
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
    refuse: refuseMove,
    listing: categories,
    item: Category,
    select: `c.id, c.name, ${referenceSql('p')} as parent, c.is_active as "isActive", c.revision`,
    from: 'categories c left join categories p on p.organization_id = c.organization_id and p.id = c.parent_id',
    present: ({ id, name, parent, isActive, revision }) => {
      return { id, name, parent, isActive, revision };
    },
  });
}

const tree = {
  table: 'categories',
  column: 'parent_id',
  pointer: '/parentId',
  detail: 'would put the category below itself',
} as const;

async function refuseMove(tx: Tx, { id, input: { parentId } }: Change): Promise<void> {
  if (typeof parentId === 'string') await refuseCircle(tx, tree, id, parentId);
}
