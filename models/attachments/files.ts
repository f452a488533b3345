/** Rows of what is in the store. Each is committed before its first byte is written, so that none is forgotten. */
import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '../database';
import { lockFor } from '../lock';
import type { AttachmentStore, Bytes, StoredFile } from './store';

export interface Content {
  readonly sha256: string;
  readonly bytes: number;
}

export interface FileDeps {
  readonly database: Pick<Database, 'once' | 'inOrganization'>;
  readonly store: AttachmentStore;
}

/**
 * Stores a file and gives the row of it, or of the one that is there with the same content: no organization
 * has the same twice. Nobody holds it yet, so it is removed after a day unless somebody does.
 */
export async function keep(
  deps: FileDeps,
  organizationId: string,
  bytes: Bytes,
  contentOf: () => Content,
): Promise<Content & { readonly fileId: string }> {
  const file = { organizationId, id: randomUUID() };
  await deps.database.once(
    organizationId,
    'insert into attachment_files (organization_id, id) values ($1, $2)',
    [organizationId, file.id],
  );
  try {
    await deps.store.put(file, bytes);
  } catch (error) {
    // An error here says no more than the one that led here; the sweep comes by for what is left.
    await forget(deps, file).catch(() => undefined);
    throw error;
  }
  const content = contentOf();
  const fileId = await deps.database.inOrganization(organizationId, (tx) =>
    settle(tx, file.id, content),
  );
  if (fileId !== file.id) await forget(deps, file);
  return { ...content, fileId };
}

/** Two that arrive with the same content at the same time come one after the other. */
async function settle(tx: Tx, id: string, { sha256, bytes }: Content): Promise<string> {
  await lockFor(tx, `attachment/${sha256}`);
  const [there] = await tx.rows<{ id: string }>(
    `update attachment_files
        set unheld_since = case when unheld_since is not null then clock_timestamp() end
      where organization_id = $1 and sha256 = $2 and condemned_at is null returning id`,
    [tx.organizationId, sha256],
  );
  if (there) return there.id;
  await tx.rows(
    `update attachment_files set sha256 = $3, bytes = $4, unheld_since = clock_timestamp()
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, sha256, bytes],
  );
  return id;
}

/** Bytes first: a row without bytes is looked at again, bytes without a row are not. */
export async function forget({ database, store }: FileDeps, file: StoredFile): Promise<void> {
  await store.remove(file);
  await database.once(
    file.organizationId,
    `delete from attachment_files where organization_id = $1 and id = $2 and unheld_since is not null`,
    [file.organizationId, file.id],
  );
}
