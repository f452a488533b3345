/** The last middlewares: an address that nobody has, and every error on its way out. */
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { Refusal } from '../../../models/errors';
import { type Answer, send } from './answer';
import { callOf } from '../call';
import { headersOf, problemOf, problems, refusalOf } from '../errors';

/** A refusal as an answer. */
export function problemAnswer(refusal: Refusal, requestId: string): Answer {
  const problem = problemOf(refusal, requestId);
  return { status: problem.status, headers: headersOf(refusal), text: JSON.stringify(problem) };
}

export function refuseUnknownAddresses(): RequestHandler {
  return (request) => {
    throw new Refusal('not_found', `There is nothing at ${request.path}.`);
  };
}

export function answerErrors(): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const refusal = refusalOf(error);
    logCause(request, refusal, error);
    if (response.headersSent) {
      next(error);
      return;
    }
    send(response, problemAnswer(refusal, callOf(request).id));
  };
}

function logCause(request: Request, refusal: Refusal, error: unknown): void {
  if (problems[refusal.code].status < 500) return;
  const { log } = callOf(request);
  if (refusal.code === 'unavailable') log.warn({ err: error }, 'a part of the service is away');
  else log.error({ err: error }, 'unexpected error');
}
