/** Where the bytes of attachments are: a folder, or a bucket of an S3-compatible store. */

/** A file by its name in the store: nobody else's choice, and never used twice. */
export interface StoredFile {
  readonly organizationId: string;
  readonly id: string;
}

/** First and last byte, both of them wanted. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Bytes = AsyncIterable<Uint8Array>;

/** Files are written once and never changed. Everything else that fails is an outage. */
export interface AttachmentStore {
  /** Resolves when the bytes are safe, whatever ends after that. Rejects with what `bytes` threw, and keeps nothing. */
  put(file: StoredFile, bytes: Bytes): Promise<void>;
  /** Rejects when it is not there. */
  get(file: StoredFile, span?: Span): Promise<Bytes>;
  /** Also of what was never there, or only begun. */
  remove(file: StoredFile): Promise<void>;
}

/** `{organization}/{two characters}/{id}`: no folder has too many. */
export function keyOf({ organizationId, id }: StoredFile): string {
  return `${organizationId}/${id.slice(0, 2)}/${id}`;
}
