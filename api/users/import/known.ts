/** Who and what a file names that is there already. */
import type { Tx } from '../../../models/database';
import type { Role } from '../../../models/users/actor';
import { keyOf } from './columns';
import type { Line } from './file';

/** Somebody as they are, by the names of the model. */
export interface Known {
  readonly id: string;
  readonly isService: boolean;
  readonly name: string;
  readonly role: Role;
  readonly title: string | null;
  readonly department: string | null;
  readonly phone: string | null;
  readonly managerId: string | null;
  readonly locationId: string | null;
  readonly locale: string | null;
  readonly timezone: string | null;
  readonly isVip: boolean;
}

/**
 * By email, those whom the file makes managers, too. They stay as they are until the transaction ends;
 * locked in one order, so that two imports cannot wait for each other.
 */
export async function peopleOf(tx: Tx, lines: readonly Line[]): Promise<Map<string, Known>> {
  const emails = lines.flatMap(({ row }) => (row ? [row.email, row.manager ?? row.email] : []));
  const rows = await tx.rows<Known & { key: string }>(
    `select id, lower(email) as key, is_service as "isService", name, role, title, department, phone,
            manager_id as "managerId", location_id as "locationId", locale, timezone, is_vip as "isVip"
       from users where organization_id = $1 and lower(email) = any($2)
      order by id for no key update`,
    [tx.organizationId, [...new Set(emails.map(keyOf))]],
  );
  return new Map(rows.map(({ key, ...known }) => [key, known]));
}

/** Ids by name. */
export async function locationsOf(tx: Tx, lines: readonly Line[]): Promise<Map<string, string>> {
  const names = lines.flatMap(({ row }) => row?.location ?? []);
  const rows = await tx.rows<{ id: string; name: string }>(
    'select id, name from locations where organization_id = $1 and name = any($2)',
    [tx.organizationId, [...new Set(names)]],
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}
