/** Files in a bucket of S3 or of what speaks like it. The client is loaded only where it is used: it is large. */
import { Readable } from 'node:stream';
import { keyOf, type AttachmentStore, type Bytes, type StoredFile } from './store';

export interface Bucket {
  readonly bucket: string;
  readonly region: string;
  /** Absent: that of AWS. */
  readonly endpoint?: string | undefined;
  /** Absent: whom the machine says that it is. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The least that S3 takes as a part: so much of each upload is in memory. */
const partBytes = 5 * 2 ** 20;
const connectMs = 5_000;
const silenceMs = 60_000;

export async function s3Store({ bucket, endpoint, ...place }: Bucket): Promise<AttachmentStore> {
  const { DeleteObjectCommand, GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const { Upload } = await import('@aws-sdk/lib-storage');
  const client = new S3Client({
    ...place,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // Stores that are not of AWS do not know the checksums that its client adds by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, requestTimeout: silenceMs },
  });
  const at = (file: StoredFile) => ({ Bucket: bucket, Key: keyOf(file) });
  return {
    put: async (file, bytes) => {
      const source = heeded(bytes);
      const Body = Readable.from(source.bytes, { objectMode: false });
      const sizes = { queueSize: 1, partSize: partBytes, leavePartsOnError: false };
      try {
        await new Upload({ client, params: { ...at(file), Body }, ...sizes }).done();
      } catch (error) {
        // The client may say instead that it could not withdraw what was sent.
        throw source.failed() ?? error;
      }
    },
    get: async (file, span) => {
      const Range = span && `bytes=${span.from}-${span.to}`;
      const { Body } = await client.send(new GetObjectCommand({ ...at(file), Range }));
      if (!(Body instanceof Readable)) throw new Error(`The store gave nothing for ${file.id}`);
      return Body;
    },
    remove: async (file) => {
      await client.send(new DeleteObjectCommand(at(file)));
    },
  };
}

/** Remembers what its source failed with. */
function heeded(source: Bytes): { readonly bytes: Bytes; readonly failed: () => unknown } {
  let failure: unknown;
  const bytes = (async function* () {
    try {
      yield* source;
    } catch (error) {
      failure = error;
      throw error;
    }
  })();
  return { bytes, failed: () => failure };
}
