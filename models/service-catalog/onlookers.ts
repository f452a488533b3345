/** People as audiences look at them, and what of the catalog is offered to them. */
import type { Tx } from '../database';
import { compiled } from '../filter/compiled';
import type { Subject } from '../filter/holds';
import { audienceFields, subjectOfOnlooker, type Onlooker } from './conditions';

/** What counts for them at this moment. Undefined: there is nobody of this id who is active. */
export async function readOnlooker(tx: Tx, userId: string): Promise<Onlooker | undefined> {
  const [row] = await tx.rows<Onlooker>(
    `select r.role, u.department, u.location_id as "locationId", u.is_vip as "isVip",
            array(select m.team_id from team_members m
                   where m.organization_id = u.organization_id and m.user_id = u.id) as "teamIds"
       from users u
      cross join rights_at(u.organization_id, u.id, u.role, $3::timestamptz) r
      where u.organization_id = $1 and u.id = $2 and u.is_active`,
    [tx.organizationId, userId, await tx.now()],
  );
  return row;
}

/** Whether somebody stands above somebody else, however far. */
export async function manages(tx: Tx, managerId: string, userId: string): Promise<boolean> {
  const rows = await tx.rows(
    `with recursive above as (
       select manager_id as id from users where organization_id = $1 and id = $2
        union
       select u.manager_id from users u join above a on u.id = a.id
        where u.organization_id = $1)
     select 1 from above where id = $3`,
    [tx.organizationId, userId, managerId],
  );
  return rows.length > 0;
}

/** An item that somebody may see. */
export interface Offer {
  readonly id: string;
  readonly version: number;
  readonly mayOrder: boolean;
}

interface Published {
  readonly id: string;
  readonly version: number;
  readonly see: string | null;
  readonly order: string | null;
}

/** Of the items that are published in an active category; of these alone, if some are named. */
export async function offersTo(
  tx: Tx,
  onlooker: Onlooker,
  among?: readonly string[],
): Promise<Offer[]> {
  const rows = await tx.rows<Published>(
    `select v.id, v.version, v.definition #>> '{audience,see}' as see,
            v.definition #>> '{audience,order}' as "order"
       from catalog_item_versions v
       join catalog_items i on i.organization_id = v.organization_id and i.id = v.id
       join catalog_categories c on c.organization_id = i.organization_id and c.id = i.category_id
      where v.organization_id = $1 and v.state = 'published' and c.is_active
        and ($2::uuid[] is null or v.id = any($2::uuid[]))`,
    [tx.organizationId, among ?? null],
  );
  const subject = subjectOfOnlooker(onlooker);
  return rows
    .filter(({ see }) => isMeant(see, subject))
    .map(({ id, version, order }) => ({ id, version, mayOrder: isMeant(order, subject) }));
}

function isMeant(condition: string | null, subject: Subject): boolean {
  return condition === null || compiled(audienceFields, condition)(subject);
}
