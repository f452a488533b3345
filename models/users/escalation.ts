/** Nobody gives what they do not hold, nor for longer, nor lays hands on somebody who holds more. */
import type { Tx } from '../database';
import { Refusal } from '../errors';
import type { Person, Rights, Role } from './actor';
import { heldOf, type Permission } from './permissions';

type Giver = Pick<Person, 'id'> & Rights;

export interface Gift {
  readonly permissions: readonly string[];
  /** An instant; null: for ever. */
  readonly until: string | null;
}

/** Throws forbidden, naming what is missing, unless the giver holds all of it for as long. */
export async function refuseBeyond(
  tx: Tx,
  giver: Giver,
  { permissions, until }: Gift,
  all: readonly Permission[],
): Promise<void> {
  const lasting = await rightsAt(tx, giver.id, until ?? 'infinity');
  if (lasting) refuseMissing({ ...lasting, scopes: giver.scopes }, permissions, all);
}

/** Throws forbidden for changes of somebody who holds more at this moment than the one who makes them. */
export async function refuseOver(
  tx: Tx,
  giver: Rights,
  userId: string,
  all: readonly Permission[],
): Promise<void> {
  const rights = await rightsAt(tx, userId, await tx.now());
  if (rights) refuseMissing(giver, heldOf(rights, all), all);
}

function refuseMissing(giver: Rights, wanted: readonly string[], all: readonly Permission[]): void {
  const held = new Set(heldOf(giver, all));
  const known = new Set(all.map(({ name }) => name));
  const missing = wanted.filter((name) => known.has(name) && !held.has(name));
  if (missing.length === 0) return;
  throw new Refusal(
    'forbidden',
    `This takes permissions that you do not have: ${missing.join()}.`,
    {
      permissions: missing,
    },
  );
}

/** What counts for somebody at an instant; undefined: there is no such person. */
export async function rightsAt(
  tx: Tx,
  userId: string,
  instant: string,
): Promise<Rights | undefined> {
  const [row] = await tx.rows<{ role: Role; granted: string[] | null }>(
    `select r.role, r.granted from users u
      cross join rights_at(u.organization_id, u.id, u.role, $3::timestamptz) r
      where u.organization_id = $1 and u.id = $2`,
    [tx.organizationId, userId, instant],
  );
  return row && { role: row.role, ...(row.granted && { granted: row.granted }) };
}
