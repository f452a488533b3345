/** Attachments as callers see them, and who sees which. */
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import { Refusal } from '../../../models/errors';
import { toInstant } from '../../../models/instant';
import { seesInternal } from '../../../models/users/ability';
import type { Actor } from '../../../models/users/actor';
import type { AttachmentStore } from '../../../models/attachments/store';
import { defineListing } from '../../http/list/listing';
import { Reference, referenceSql } from '../../http/reference';
import { TicketParams } from '../routes';

/** Where files are, and how large one may be. */
export interface Files {
  readonly store: AttachmentStore;
  readonly mostBytes: number;
}

export const Attachment = z
  .object({
    id: z.uuid(),
    name: z.string().meta({ example: 'screenshot.png' }),
    mediaType: z.string().meta({ example: 'image/png' }),
    bytes: z.int(),
    sha256: z.string().describe('Of the bytes, in hexadecimal; the ETag, too.'),
    isPublic: z.boolean(),
    commentId: z.uuid().nullable().describe('The comment that it belongs to.'),
    addedBy: Reference,
    addedAt: z.iso.datetime(),
  })
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;

export const AttachmentParams = TicketParams.extend({ attachmentId: z.uuid() });

export const listing = defineListing({
  name: 'attachments',
  item: Attachment,
  idSql: 'a.id',
  fields: {
    addedAt: { type: 'instant', column: 'a.added_at', nullable: false },
    isPublic: { type: 'boolean', column: 'a.is_public', nullable: false },
    addedBy: { type: 'reference', column: 'a.added_by_id', nullable: false },
    commentId: { type: 'reference', column: 'a.comment_id' },
    mediaType: { type: 'text', column: 'a.media_type', nullable: false },
  },
  sorts: ['addedAt'],
  defaultSort: 'addedAt',
});

export interface AttachmentRow {
  id: string;
  name: string;
  mediaType: string;
  bytes: string;
  sha256: string;
  isPublic: boolean;
  commentId: string | null;
  addedBy: Reference;
  addedAt: Date;
  fileId: string;
}

export const source = {
  select: `a.id, a.name, a.media_type as "mediaType", f.bytes, f.sha256, a.is_public as "isPublic",
           a.comment_id as "commentId", ${referenceSql('u')} as "addedBy", a.added_at as "addedAt",
           a.file_id as "fileId"`,
  from: `attachments a
           join attachment_files f on f.organization_id = a.organization_id and f.id = a.file_id
           join users u on u.organization_id = a.organization_id and u.id = a.added_by_id`,
};

export function attachmentOf({ bytes, addedAt, ...row }: AttachmentRow): Attachment {
  const { id, name, mediaType, sha256, isPublic, commentId, addedBy } = row;
  return {
    ...{ id, name, mediaType, bytes: Number(bytes), sha256, isPublic, commentId, addedBy },
    addedAt: toInstant(addedAt),
  };
}

/** Internal ones are seen by whoever sees internal notes. */
export function visibleTo(actor: Actor): string {
  return seesInternal(actor) ? 'true' : 'a.is_public';
}

/** One attachment of a ticket, if they may see it; `actor` is what counts of them on it. */
export async function selectAttachment(
  tx: Tx,
  actor: Actor,
  { ticketId, id }: { readonly ticketId: string; readonly id: string },
): Promise<AttachmentRow> {
  const [row] = await tx.rows<AttachmentRow>(
    `select ${source.select} from ${source.from}
      where a.organization_id = $1 and a.ticket_id = $2 and a.id = $3 and ${visibleTo(actor)}`,
    [tx.organizationId, ticketId, id],
  );
  if (!row) throw new Refusal('not_found', 'There is no such attachment.');
  return row;
}
