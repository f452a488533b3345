/** What a handler may know of the HTTP request beyond its parsed input. */
import type { Logger } from 'pino';
import type { Doer } from '../../models/audit/record';
import type { Actor } from '../../models/users/actor';
import type { About } from './call';
import type { Instant } from '../../models/instant';

/** A body as it comes; can be read once, and need not be. */
export interface IncomingFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** As the caller calls it. */
  readonly mediaType: string | undefined;
  /** How many bytes it will have, if the caller says so. */
  readonly length: number | undefined;
}

export interface RequestContext {
  /** The request id, as in `X-Request-Id`. */
  readonly id: string;
  readonly traceparent: string | undefined;
  readonly log: Logger;
  /** Adds to what the request's line in the log says of it. */
  readonly note: (about: About) => void;
  /** Address of the caller. */
  readonly address: string;
  /** What the caller's program calls itself. */
  readonly userAgent: string;
  /** The revision that the caller saw; undefined when it does not care. */
  readonly ifMatch: number | undefined;
  /** The same for each repeat with the same Idempotency-Key; fresh without one. */
  readonly commandId: string;
  /** When the first request with this Idempotency-Key came, by the clock of PostgreSQL. */
  readonly receivedAt: Instant | undefined;
  /** A header by its name. */
  readonly header: (name: string) => string | undefined;
  /** Of a route that takes one. */
  readonly file?: IncomingFile;
}

/** Who asks for something, as an audit event names them. */
export interface By {
  readonly actor: Actor;
  readonly request: Pick<RequestContext, 'address' | 'id'>;
}

export function doerOf({ actor, request }: By): Doer {
  return { actor, address: request.address, requestId: request.id };
}
