/** Where callers come from: from which pages of browsers, and through which proxies. */
import cors from 'cors';
import type { Express, RequestHandler } from 'express';

export interface Network {
  /** Origins (`https://desk.example.org`) whose pages may call from a browser. None: only our own. */
  readonly origins: readonly string[];
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. None: that of the socket counts. */
  readonly proxies: readonly string[];
}

export const closedNetwork: Network = { origins: [], proxies: [] };

const preflightSeconds = 600;

/** Access tokens travel in a header, so no cookies of other sites are let in. */
export function browsersFrom(origins: readonly string[]): RequestHandler {
  return cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Disposition',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'Range',
      'X-Request-Id',
    ],
    exposedHeaders: [
      ...['ETag', 'Location', 'Retry-After', 'X-Request-Id'],
      ...['Content-Disposition', 'Content-Range', 'Accept-Ranges'],
      ...['RateLimit', 'RateLimit-Policy', 'Idempotency-Replayed'],
    ],
    maxAge: preflightSeconds,
  });
}

/** What a proxy says of the caller counts only when it is one of these: anybody can send the header. */
export function trust(app: Express, proxies: readonly string[]): void {
  app.set('trust proxy', proxies.length === 0 ? false : [...proxies]);
}
