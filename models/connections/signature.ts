/** Proves to another system that a request is Holdfast's, is fresh, and is the one that was sent. */
import { createHmac } from 'node:crypto';

export interface Signed {
  readonly idempotencyKey: string;
  readonly method: string;
  readonly url: URL;
  /** As it is sent; empty: no body. */
  readonly body: string;
  readonly at: Date;
}

/** `t=<seconds since 1970>,v1=<HMAC-SHA256 in hex>` over time, key, method, path with query, and body, by lines. */
export function signatureOf(secret: string, { idempotencyKey, method, url, body, at }: Signed) {
  const seconds = Math.floor(at.getTime() / 1_000);
  const said = [seconds, idempotencyKey, method, url.pathname + url.search, body].join('\n');
  const digest = createHmac('sha256', secret).update(said).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
