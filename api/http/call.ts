/** One HTTP call from arrival to answer: its id, its trace, its log, and later who makes it. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Actor } from '../../models/users/actor';

export interface Call {
  readonly id: string;
  /** W3C trace context of the caller; absent when it sent none or an odd one. */
  readonly traceparent: string | undefined;
  readonly log: Logger;
  /** What this call is about, for its line in the log: ids, learnt on the way. */
  about: About;
  actor: Actor | undefined;
  /** The declared path, e.g. `/incidents/{id}`. */
  route: string | undefined;
}

/** Ids by which one command is followed through the logs of all processes. */
export interface About {
  /** The cause of the fact that a command becomes, and the id of its update. */
  readonly commandId?: string;
  readonly ticketId?: string;
  /** Of the ticket's life. */
  readonly workflowId?: string;
}

const calls = new WeakMap<Request, Call>();

const wellFormedId = /^[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}$/;
const wellFormedTrace = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The first middleware: gives each request its call, and the answer its `X-Request-Id`. */
export function beginCall(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const id = wellFormedId.test(given) ? given : randomUUID();
    const trace = request.get('traceparent') ?? '';
    const traceparent = wellFormedTrace.test(trace) ? trace : undefined;
    const log = logger.child({ requestId: id, ...(traceparent && { traceparent }) });
    calls.set(request, { id, traceparent, log, about: {}, actor: undefined, route: undefined });
    response.setHeader('X-Request-Id', id);
    next();
  };
}

export function callOf(request: Request): Call {
  const call = calls.get(request);
  if (call === undefined) throw new Error('A request without a call: beginCall must come first.');
  return call;
}
