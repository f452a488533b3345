/** One line per request. Headers, bodies and query strings are never logged: they hold secrets and people. */
import type { RequestHandler } from 'express';
import { callOf } from './call';

export function logRequests(): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.once('close', () => {
      const call = callOf(request);
      const line = {
        method: request.method,
        path: request.originalUrl.split('?')[0],
        route: call.route,
        status: response.statusCode,
        durationMs: Math.round(Number(process.hrtime.bigint() - startedAt) / 1e4) / 100,
        actorId: call.actor?.id,
        organizationId: call.actor?.organizationId,
      };
      if (!response.writableFinished) call.log.warn(line, 'request abandoned by the caller');
      else if (response.statusCode >= 500) call.log.error(line, 'request failed');
      else call.log.info(line, 'request answered');
    });
    next();
  };
}
