/** What stands above what: a tree stays a tree. */
import type { Tx } from '../../../models/database';
import { invalid } from '../../../models/errors';
import { lockFor } from '../../../models/lock';

export interface Tree {
  readonly table: 'catalog_categories' | 'categories' | 'users';
  /** The column that names what stands above. */
  readonly column: 'parent_id' | 'manager_id';
  readonly pointer: string;
  readonly detail: string;
}

/**
 * Throws invalid_input when `id` would stand above itself. One writer at a time: two moves that are
 * harmless alone may close a circle together.
 */
export async function refuseCircle(
  tx: Tx,
  { table, column, pointer, detail }: Tree,
  id: string,
  aboveId: string,
): Promise<void> {
  await lockFor(tx, table);
  const above = await tx.rows<{ id: string }>(
    `with recursive above as (
       select id, ${column} from ${table} where organization_id = $1 and id = $2
        union
       select t.id, t.${column} from ${table} t join above a on t.id = a.${column}
        where t.organization_id = $1)
     select id from above`,
    [tx.organizationId, aboveId],
  );
  const closes = aboveId === id || above.some((one) => one.id === id);
  if (closes) throw invalid(pointer, detail, 'cycle');
}
