/** One line per request. Headers, bodies and query strings are never logged: they hold secrets and people. */
import type { RequestHandler } from 'express';
import { callOf } from './call';

/** A request that is over, as far as it may be counted: no raw address, nobody's name. */
export interface RequestSeen {
  readonly method: string;
  /** The declared path, e.g. `/incidents/{id}`; undefined when there is none for the address. */
  readonly route: string | undefined;
  readonly status: number;
  /** The caller went away before it was answered. */
  readonly isAbandoned: boolean;
  readonly seconds: number;
}

export type RequestWitness = (seen: RequestSeen) => void;

export function logRequests(witness: RequestWitness = () => undefined): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.once('close', () => {
      const call = callOf(request);
      const nanoseconds = Number(process.hrtime.bigint() - startedAt);
      const line = {
        method: request.method,
        path: request.originalUrl.split('?')[0],
        route: call.route,
        status: response.statusCode,
        durationMs: Math.round(nanoseconds / 1e4) / 100,
        actorId: call.actor?.id,
        organizationId: call.actor?.organizationId,
        ...call.about,
      };
      const isAbandoned = !response.writableFinished;
      const { method, route, status } = line;
      witness({ method, route, status, isAbandoned, seconds: nanoseconds / 1e9 });
      if (isAbandoned) call.log.warn(line, 'request abandoned by the caller');
      else if (response.statusCode >= 500) call.log.error(line, 'request failed');
      else call.log.info(line, 'request answered');
    });
    next();
  };
}
