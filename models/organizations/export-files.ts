/** The bytes of an organization's files as lines of JSON: one that names a file, then its pieces. */
import type { AttachmentStore } from '../attachments/store';
import type { Database } from '../database';

interface Sources {
  readonly database: Pick<Database, 'once'>;
  readonly store: AttachmentStore;
}

interface FileRow {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: string;
}

const filesAtOnce = 200;

/** Those that have arrived, in the order of their ids; how many. A piece is decoded by itself. */
export async function exportFiles(
  { database, store }: Sources,
  organizationId: string,
  write: (lines: readonly string[]) => Promise<void>,
): Promise<number> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (let files = 0; ;) {
    const page = await database.once<FileRow>(
      organizationId,
      `select id, sha256, bytes from attachment_files
        where organization_id = $1 and id > $2 and sha256 is not null and condemned_at is null order by id limit $3`,
      [organizationId, after, filesAtOnce],
    );
    for (const { id, sha256, bytes } of page) {
      await write([JSON.stringify({ file: id, sha256, bytes: Number(bytes) })]);
      for await (const piece of await store.get({ organizationId, id }))
        await write([JSON.stringify({ file: id, piece: Buffer.from(piece).toString('base64') })]);
    }
    files += page.length;
    after = page.at(-1)?.id ?? after;
    if (page.length < filesAtOnce) return files;
  }
}
