/** The JSON body of a request, at most 1 MiB; read only after the caller was admitted. */
import express, { type Request, type RequestHandler, type Response } from 'express';
import { Refusal } from '../../../models/errors';

const oneMebibyte = 1_048_576;
const readJson: RequestHandler = express.json({
  limit: oneMebibyte,
  strict: false,
  type: () => true,
});

/** The parsed body, `{}` when there is none. Throws unsupported_media_type; the parser's own errors pass. */
export async function bodyOf(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return {};
  if (request.is(['application/json', 'application/*+json']) === false) {
    throw new Refusal('unsupported_media_type', 'Send the body as application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    readJson(request, response, (error?: unknown) => {
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
