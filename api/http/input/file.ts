/** A body that is a file: nothing of it is read here. */
import type { Request } from 'express';
import { Refusal } from '../../../models/errors';
import type { IncomingFile } from '../request';

export function fileOf(request: Request): IncomingFile {
  const length = request.headers['content-length'];
  return {
    bytes: bytesOf(request),
    mediaType: request.get('content-type'),
    length: length === undefined ? undefined : Number(length),
  };
}

/** What a repeat has in common with its first: to compare the bytes themselves they would have to be kept. */
export function fingerprintOf(request: Request): Readonly<Record<string, string | undefined>> {
  return {
    type: request.get('content-type'),
    length: request.get('content-length'),
    disposition: request.get('content-disposition'),
  };
}

/** Whoever stops reading leaves the connection open, so that the caller hears why. */
async function* bytesOf(request: Request): AsyncGenerator<Uint8Array, void> {
  if (request.get('content-encoding') !== undefined)
    throw new Refusal('unsupported_media_type', 'Send the file as it is, without an encoding.');
  try {
    const chunks: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
    yield* chunks;
  } catch (error) {
    if (request.complete || !request.destroyed) throw error;
    throw new Refusal('invalid_request', 'The request was abandoned.');
  }
}
