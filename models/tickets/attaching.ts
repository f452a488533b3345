/** Facts that every process has about files: one is added to a ticket, or taken away from it. */
import { next } from './next';
import type { Rule } from './rules';
import type { Ticket } from './ticket';

/** A file that is in the store, as it is added. */
export interface Attached {
  readonly id: string;
  /** Of the stored file; several attachments may share one. */
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly isPublic: boolean;
  /** The comment that it belongs to. */
  readonly commentId: string | null;
}

/** Of an attachment that is there; what its line in the feed says of it. */
export type Detached = Pick<Attached, 'id' | 'name' | 'bytes' | 'sha256' | 'isPublic'>;

export type AttachmentChange =
  | { readonly did: 'attached'; readonly attachment: Attached }
  | { readonly did: 'detached'; readonly attachment: Pick<Detached, 'id'> };

type Details = Ticket['details'];

const attached: Rule<Details, Attached> = (ticket, { input }) => {
  const { id, name, mediaType, bytes, sha256, isPublic, commentId } = input;
  const data = {
    attachmentId: id,
    name,
    mediaType,
    bytes,
    sha256,
    ...(commentId && { commentId }),
  };
  return next(ticket)
    .attach({ did: 'attached', attachment: input })
    .event('attached', data, isPublic ? 'public' : 'internal');
};

const detached: Rule<Details, Detached> = (ticket, { input }) => {
  const { id, name, bytes, sha256, isPublic } = input;
  const data = { attachmentId: id, name, bytes, sha256 };
  return next(ticket)
    .attach({ did: 'detached', attachment: { id } })
    .event('detached', data, isPublic ? 'public' : 'internal');
};

export const attachingRules = { attached, detached };
