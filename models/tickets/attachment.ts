/** What a ticket is told of a file. */

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
