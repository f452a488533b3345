/** The JSON body of a request, at most 1 MiB where a route says nothing else; read only after the caller was admitted. */
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Refusal } from '../../../models/errors';

const oneMebibyte = 1_048_576;
const readers = new Map<number, RequestHandler>();

/** One for each limit, made once. */
function readerOf(limit: number): RequestHandler {
  const reader = readers.get(limit) ?? express.json({ limit, strict: false, type: () => true });
  readers.set(limit, reader);
  return reader;
}

/** The parsed body, `{}` when there is none. Throws unsupported_media_type; the parser's own errors pass. */
export async function bodyOf(
  request: Request,
  response: Response,
  bytes = oneMebibyte,
): Promise<unknown> {
  if (!hasBody(request)) return {};
  if (request.is(['application/json', 'application/*+json']) === false) {
    throw new Refusal('unsupported_media_type', 'Send the body as application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    readerOf(bytes)(request, response, (error?: unknown) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('The body cannot be read.'));
    });
  });
  const body: unknown = request.body;
  return body === undefined ? {} : body;
}

function hasBody(request: Request): boolean {
  if (request.headers['transfer-encoding'] !== undefined) return true;
  return Number(request.headers['content-length'] ?? 0) > 0;
}
