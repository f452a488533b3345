/** Opaque signed cursors: the sort values of the last row, valid for the query that they came from. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../../models/errors';

/** Sort values and id of a row, as PostgreSQL wrote them into JSON: microseconds are kept. */
export type RowKey = readonly (string | number | boolean | null)[];

export interface Seal {
  readonly secret: string;
  /** Whatever must be the same when the cursor comes back: list, sort, filter, organization. */
  readonly boundTo: string;
}

const separator = '.';

export function writeCursor(key: RowKey, seal: Seal): string {
  const payload = Buffer.from(JSON.stringify(key)).toString('base64url');
  return payload + separator + signatureOf(payload, seal).toString('base64url');
}

/** Throws invalid_request when it was not made by us for this very query. */
export function readCursor(cursor: string, seal: Seal): RowKey {
  const [payload = '', signature = ''] = cursor.split(separator);
  const given = Buffer.from(signature, 'base64url');
  const genuine = signatureOf(payload, seal);
  if (given.length !== genuine.length || !timingSafeEqual(given, genuine)) {
    throw new Refusal(
      'invalid_request',
      'The cursor does not belong to this query: begin again without it when sort or filter change.',
    );
  }
  return parsedKey(Buffer.from(payload, 'base64url').toString());
}

/** Signed by us, so its shape needs no check. */
function parsedKey(json: string): RowKey {
  return JSON.parse(json) as RowKey;
}

function signatureOf(payload: string, { secret, boundTo }: Seal): Buffer {
  return createHmac('sha256', secret)
    .update(`cursor\n${boundTo}\n${payload}`)
    .digest()
    .subarray(0, 16);
}
