/** What an operator does to organizations, as the role that sees them and nothing in them. */
import { recordAct, type Act, type Doer } from '../audit/record';
import type { Database, Tx } from '../database';
import { Refusal } from '../errors';

/** Days in which a deleted organization can be brought back; the same as in the database's functions. */
export const graceDays = 30;

/** As it stands; an instant that is null has not come. */
export interface Standing {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly suspendedAt: Date | null;
  readonly suspensionReason: string | null;
  readonly deletedAt: Date | null;
}

const columns = `id, slug, name, created_at as "createdAt", suspended_at as "suspendedAt",
                 suspension_reason as "suspensionReason", deleted_at as "deletedAt"`;

export function listOrganizations(database: Pick<Database, 'unscoped'>): Promise<Standing[]> {
  return database.unscoped<Standing>(`select ${columns} from organizations order by slug`);
}

/** A slug whose organization is gone for good. */
export interface Gone {
  readonly slug: string;
  readonly purgedAt: Date;
  /** How many rows were deleted, by table. */
  readonly purged: Readonly<Record<string, number>>;
}

export function listPurged(database: Pick<Database, 'unscoped'>): Promise<Gone[]> {
  return database.unscoped<Gone>(
    `select slug, purged_at as "purgedAt", purged from organization_slugs
      where purged_at is not null order by purged_at`,
  );
}

export async function findOrganization(
  database: Pick<Database, 'unscoped'>,
  slug: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const [found] = await database.unscoped<{ id: string; name: string }>(
    'select id, name from organization_directory() where slug = $1',
    [slug],
  );
  if (!found) throw noSuch(slug);
  return found;
}

/** Nobody of it comes in from now on. Suspending again changes the reason. Throws not_found. */
export async function suspend(
  database: Database,
  slug: string,
  reason: string,
  by: Doer,
): Promise<void> {
  await on(database, slug, async (tx, before) => {
    if (before.deletedAt !== null) throw isDeleted(slug);
    await tx.rows(
      `update organizations set suspended_at = coalesce(suspended_at, clock_timestamp()),
              suspension_reason = $2 where id = $1`,
      [tx.organizationId, reason],
    );
    await note(tx, by, before, { action: 'organization.suspended', after: { reason } });
  });
}

/**
 * They may come in again, and what waited happens. `waiting`: keys of agenda entries that did. Gives how
 * many tickets are told. Throws not_found, and conflict when it is not suspended.
 */
export async function resume(
  database: Database,
  slug: string,
  waiting: readonly string[],
  by: Doer,
): Promise<number> {
  return on(database, slug, async (tx, before) => {
    if (before.deletedAt !== null) throw isDeleted(slug);
    if (before.suspendedAt === null) throw new Refusal('conflict', `${slug} is not suspended.`);
    await note(tx, by, before, { action: 'organization.resumed' });
    return wake(tx, waiting);
  });
}

/** Suspends it and begins its grace; deleting again leaves that as it began. Throws not_found. */
export async function markDeleted(database: Database, slug: string, by: Doer): Promise<void> {
  await on(database, slug, async (tx, before) => {
    if (before.deletedAt !== null) return;
    await tx.rows(
      `update organizations set deleted_at = moment.at, suspended_at = coalesce(suspended_at, moment.at)
         from (select clock_timestamp() as at) moment where id = $1`,
      [tx.organizationId],
    );
    await note(tx, by, before, { action: 'organization.deleted' });
  });
}

/**
 * Undoes a deletion within its grace; one that was suspended before stays suspended. Gives how many
 * tickets are told. Throws not_found, and conflict when it is not deleted or the grace is over.
 */
export async function restore(
  database: Database,
  slug: string,
  waiting: readonly string[],
  by: Doer,
): Promise<number> {
  return on(database, slug, async (tx, before) => {
    if (before.deletedAt === null) throw new Refusal('conflict', `${slug} is not deleted.`);
    const [restored] = await tx.rows<{ staysSuspended: boolean }>(
      `update organizations o set deleted_at = null from organizations was
        where o.id = $1 and was.id = o.id and was.deleted_at > now() - make_interval(days => $2)
       returning was.suspended_at < was.deleted_at as "staysSuspended"`,
      [tx.organizationId, graceDays],
    );
    if (!restored) throw new Refusal('conflict', `The ${graceDays} days are over.`);
    await note(tx, by, before, { action: 'organization.restored' });
    return restored.staysSuspended ? 0 : wake(tx, waiting);
  });
}

async function wake(tx: Tx, waiting: readonly string[]): Promise<number> {
  await tx.rows(
    `update organizations set suspended_at = null, suspension_reason = null,
            resumed_at = clock_timestamp() where id = $1`,
    [tx.organizationId],
  );
  const [told] = await tx.rows<{ n: number }>('select wake_organization($1, $2) as n', [
    tx.organizationId,
    waiting,
  ]);
  return told?.n ?? 0;
}

/** One act on the organization of this slug, which is held until it is done. Throws not_found. */
async function on<T>(
  database: Database,
  slug: string,
  act: (tx: Tx, before: Standing) => Promise<T>,
): Promise<T> {
  const [found] = await database.unscoped<{ id: string }>(
    'select id from organizations where slug = $1',
    [slug],
  );
  if (!found) throw noSuch(slug);
  return database.inOrganization(found.id, async (tx) => {
    const [before] = await tx.rows<Standing>(
      `select ${columns} from organizations where id = $1 for no key update`,
      [tx.organizationId],
    );
    if (!before) throw noSuch(slug);
    return act(tx, before);
  });
}

function note(
  tx: Tx,
  by: Doer,
  { id, name }: Standing,
  act: Pick<Act, 'action' | 'after'>,
): Promise<void> {
  return recordAct(tx, by, { ...act, target: { type: 'organization', id, name } });
}

function noSuch(slug: string): Refusal {
  return new Refusal('not_found', `There is no organization ${slug}.`);
}

function isDeleted(slug: string): Refusal {
  return new Refusal('conflict', `${slug} is deleted; bring it back with delete --restore.`);
}
