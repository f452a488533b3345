/** Ends files that nobody has: uploads that were cut off, and attachments that were taken away. */
import type { Database } from '../database';
import { forget } from './files';
import type { AttachmentStore } from './store';

const atOnce = 200;

interface Deps {
  readonly database: Pick<Database, 'once' | 'inOrganization' | 'unscoped'>;
  readonly store: AttachmentStore;
}

/** Over all organizations, what nobody has had for 24 hours; true when there may be more. */
export async function sweepFiles(deps: Deps): Promise<boolean> {
  const due = await deps.database.unscoped<{ organization_id: string; id: string }>(
    'select organization_id, id from condemn_files($1)',
    [atOnce],
  );
  for (const { organization_id: organizationId, id } of due)
    await forget(deps, { organizationId, id });
  return due.length >= atOnce;
}

/** The bytes of all files of an organization; its rows stay, so that this can be done again. How many. */
export async function removeFiles(
  { database, store }: Pick<Deps, 'database' | 'store'>,
  organizationId: string,
): Promise<number> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (let removed = 0; ;) {
    const page = await database.once<{ id: string }>(
      organizationId,
      `select id from attachment_files where organization_id = $1 and id > $2 order by id limit $3`,
      [organizationId, after, atOnce],
    );
    for (const { id } of page) await store.remove({ organizationId, id });
    removed += page.length;
    after = page.at(-1)?.id ?? after;
    if (page.length < atOnce) return removed;
  }
}
