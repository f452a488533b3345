/** Attachments in their table. The lock of a ticket comes first, then that of the stored file. */
import type { Tx } from '../../database';
import { Refusal } from '../../errors';
import type { Attached } from '../attachment';
import type { Happening } from '../decide';

/** Holds what is added or taken away against what is there. Throws not_found, and unavailable. */
export async function refuseAttachments(tx: Tx, { ticket, owed }: Happening): Promise<void> {
  for (const { did, attachment } of owed.attachments) {
    const { id } = attachment;
    const [file] =
      did === 'attached'
        ? await tx.rows(lockFileSql, [tx.organizationId, attachment.fileId])
        : await tx.rows(lockFileOfSql, [tx.organizationId, id, ticket.id]);
    if (file) continue;
    if (did === 'detached') throw new Refusal('not_found', 'There is no such attachment.');
    throw new Refusal('unavailable', 'The file was given up meanwhile: send it again.', {
      retryAfterSeconds: 1,
    });
  }
}

/** Whoever removes what nobody has waits for this lock, and then finds that somebody has it. */
const lockFileSql = `select 1 from attachment_files
  where organization_id = $1 and id = $2 and sha256 is not null and condemned_at is null for no key update`;
const lockFileOfSql = `select 1 from attachment_files f
    join attachments a on a.organization_id = f.organization_id and a.file_id = f.id
   where a.organization_id = $1 and a.id = $2 and a.ticket_id = $3 for no key update of f`;

export async function writeAttachments(tx: Tx, happening: Happening): Promise<void> {
  for (const { did, attachment } of happening.owed.attachments) {
    if (did === 'attached') await add(tx, happening, attachment);
    else await take(tx, attachment.id);
  }
}

async function add(tx: Tx, { ticket, fact }: Happening, attachment: Attached): Promise<void> {
  const { id, fileId, commentId, name, mediaType, isPublic } = attachment;
  await tx.rows(
    `insert into attachments (organization_id, id, ticket_id, file_id, comment_id, name, media_type,
                              is_public, added_by_id, added_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[tx.organizationId, id, ticket.id, fileId, commentId, name, mediaType, isPublic],
      ...[fact.actor.id ?? ticket.requesterId, fact.occurredAt],
    ],
  );
  await tx.rows(
    'update attachment_files set unheld_since = null where organization_id = $1 and id = $2',
    [tx.organizationId, fileId],
  );
}

async function take(tx: Tx, id: string): Promise<void> {
  const [gone] = await tx.rows<{ fileId: string }>(
    `delete from attachments where organization_id = $1 and id = $2 returning file_id as "fileId"`,
    [tx.organizationId, id],
  );
  if (!gone) throw new Error(`The attachment ${id} is not there`);
  await tx.rows(
    `update attachment_files f set unheld_since = clock_timestamp()
      where organization_id = $1 and id = $2
        and not exists (select from attachments a
                         where a.organization_id = f.organization_id and a.file_id = f.id)`,
    [tx.organizationId, gone.fileId],
  );
}
