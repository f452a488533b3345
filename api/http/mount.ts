/** Declarations become Express: admit the caller, parse, run once, present. In this order, for every route. */
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import type { Actor } from '../../models/users/actor';
import { admit, type Gate } from './admission';
import { send, sendStream, type Answer } from './output/answer';
import { bodyOf } from './input/body';
import { fileOf, fingerprintOf } from './input/file';
import { callOf, type About } from './call';
import { ifMatchOf } from './etag';
import {
  answerOnce,
  commandIdOf,
  idempotencyKeyOf,
  requestHashOf,
  type IdempotencyStore,
} from './idempotency';
import { problemAnswer } from './output/problem-reply';
import { answerOf } from './output/reply';
import type { RequestContext } from './request';
import { takesIdempotencyKey, takesIfMatch, type Prepared, type Route } from './route';
import { verifyReply } from './output/verify-reply';

export interface Frame extends Gate {
  readonly idempotency: IdempotencyStore;
  /** Tests hold each reply against its declaration; a wrong one becomes a 500. */
  readonly verifyReplies?: boolean;
}

/** A router of all routes; a known address with another method is 405. */
export function mountRoutes(routes: readonly Route[], frame: Frame): Router {
  const router = Router({ caseSensitive: true });
  for (const [path, group] of byPath(routes)) {
    const address = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    for (const route of group) address[route.method](serve(route, frame));
    address.all(refuseOtherMethods(group));
  }
  return router;
}

/** Literal addresses before those with parameters: `/incidents/summary` is no incident. */
function byPath(routes: readonly Route[]): [string, Route[]][] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route]);
  const rank = (path: string) => path.replace(/\{\w+\}/g, '\uffff');
  return [...groups].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
}

function refuseOtherMethods(group: readonly Route[]): RequestHandler {
  const own = group.map((route) => route.method.toUpperCase());
  const allow = own.includes('GET') ? [...own, 'HEAD'] : own;
  return (request) => {
    throw new Refusal('method_not_allowed', `${request.method} is not possible here.`, { allow });
  };
}

function serve(route: Route, frame: Frame): RequestHandler {
  return async (request, response) => {
    callOf(request).route = route.path;
    response.setHeader('Cache-Control', 'no-store');
    const actor = await admit(route, frame, request, response);
    const body = await readBody(route, request, response);
    const prepared = route.prepare({ params: request.params, query: request.query, body });
    const work = { route, frame, request, actor, prepared };
    const answered = await answer(work, route.takesFile ? fingerprintOf(request) : body);
    if (answered.stream === undefined) send(response, answered);
    else await sendStream(response, answered, answered.stream);
  };
}

/** A body where none is declared is refused like any unknown field; GET and DELETE never read one, nor is a file read here. */
async function readBody(route: Route, request: Request, response: Response): Promise<unknown> {
  if (route.takesFile) return {};
  const reads = route.body !== undefined || !['get', 'delete'].includes(route.method);
  return reads ? bodyOf(request, response, route.bodyBytes) : {};
}

interface Work {
  readonly route: Route;
  readonly frame: Frame;
  readonly request: Request;
  readonly actor: Actor | undefined;
  readonly prepared: Prepared;
}

async function answer(work: Work, body: unknown): Promise<Answer> {
  const { route, frame, request, actor } = work;
  const key = takesIdempotencyKey(route)
    ? idempotencyKeyOf(request.get('idempotency-key'))
    : undefined;
  const ifMatch = takesIfMatch(route) ? ifMatchOf(request.get('if-match')) : undefined;
  if (key === undefined || actor === undefined) {
    return run(work, { ifMatch, commandId: uuidv7(), receivedAt: undefined });
  }
  const commandId = commandIdOf(actor, key);
  const { id: actorId, organizationId } = actor;
  const requestHash = requestHashOf(request.method, request.originalUrl, body);
  const call = callOf(request);
  return answerOnce(
    {
      store: frame.idempotency,
      claim: { organizationId, actorId, key, requestHash, commandId },
      log: call.log,
      present: (refusal) => problemAnswer(refusal, call.id),
    },
    (receivedAt) => run(work, { ifMatch, commandId, receivedAt }),
  );
}

interface Identity {
  readonly ifMatch: number | undefined;
  readonly commandId: string;
  readonly receivedAt: Instant | undefined;
}

async function run({ route, frame, request, actor, prepared }: Work, identity: Identity) {
  const call = callOf(request);
  const { id, traceparent, log } = call;
  const note = (about: About) => {
    call.about = { ...call.about, ...about };
  };
  if (route.method !== 'get') note({ commandId: identity.commandId });
  const context: RequestContext = {
    id,
    traceparent,
    log,
    note,
    address: request.ip ?? '',
    userAgent: request.get('user-agent') ?? '',
    header: (name) => request.get(name),
    ...(route.takesFile && { file: fileOf(request) }),
    ...identity,
  };
  const reply = await prepared.run(actor, context);
  if (frame.verifyReplies === true) verifyReply(route, reply);
  const [{ status, media } = { status: 200 }] = route.replies;
  return answerOf(reply, { status, media, url: request.originalUrl, fields: prepared.fields });
}
