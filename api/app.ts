/** The HTTP application: an ordered list of middleware and routes. Opens nothing and listens nowhere. */
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Readiness } from '../engine/health';
import type { AttachmentStore } from '../models/attachments/store';
import type { Database } from '../models/database';
import type { Permission } from '../models/users/permissions';
import { auditRoutes, permissionRoute } from './audit/routes';
import { accessTokens, type AccessTokens } from './auth/access-token';
import { bearerOf } from './auth/session';
import { bearerAuthentication } from './auth/bearer';
import { authRoutes } from './auth/routes';
import { sealFor } from '../models/seal';
import { calendarRoutes } from './calendars/routes';
import { categoryRoutes } from './categories/routes';
import { changeGroundRoutes } from './changes/routes';
import { delegationRoutes } from './delegations/routes';
import { healthRoutes } from './health/routes';
import { callableBy, defaultLimits, type Limits } from './http/admission';
import { beginCall } from './http/call';
import { idempotencyIn } from './http/idempotency-store';
import type { IdempotencyStore } from './http/idempotency';
import { logRequests, type RequestWitness } from './http/log';
import { mountRoutes } from './http/mount';
import { browsersFrom, closedNetwork, trust, type Network } from './http/network';
import { checkRoutes, openApiDocument, type OpenApiDocument } from './http/openapi/document';
import { apiPage } from './http/openapi/page';
import { answerErrors, refuseUnknownAddresses } from './http/output/problem-reply';
import { readQueryString } from './http/input/query-string';
import { createRateLimiter, type RateStore } from './http/rates/rate-limit';
import { rateStoreIn } from './http/rates/rate-store';
import type { Route } from './http/route';
import { locationRoutes } from './locations/routes';
import type { MailDesk } from './mail/desk';
import { mailRoutes } from './mail/routes';
import { meRoutes } from './me/routes';
import { notificationRoutes } from './me/notifications';
import { passwordRoute } from './me/password';
import { secondFactorRoutes } from './me/second-factor';
import { sessionRoutes } from './me/sessions';
import { pages } from './pages/pages';
import { assignmentRoutes } from './roles/assignments';
import { roleRoutes } from './roles/routes';
import { stepUpRoute } from './me/step-up';
import { exportRoute } from './organization/export';
import { organizationRoutes } from './organization/routes';
import { serviceRoutes } from './services/routes';
import { setupRoute } from './setup/routes';
import { teamRoutes } from './teams/routes';
import { tokenBearer } from './tokens/bearer';
import { myTokenRoutes, serviceAccountRoutes } from './tokens/service-accounts';
import { isApiToken } from './tokens/token';
import { userRoutes } from './users/routes';

export interface AppDeps {
  readonly database: Database;
  /** Signs access tokens and cursors, encrypts second factors; at least 32 characters. */
  readonly secret: string;
  readonly logger: Logger;
  /** Where mails are left, and what no answer waits for. */
  readonly desk: MailDesk;
  /** Where files of tickets are; absent: there are none. */
  readonly store?: AttachmentStore | undefined;
  /** All that there are; a route asks for one of them. */
  readonly permissions: readonly Permission[];
  readonly readiness: () => Promise<Readiness>;
  /** Routes beside those of sign-in, people and catalogue: the tickets. */
  readonly routes: readonly Route[];
  readonly limits?: Limits;
  /** Default: no other origins, no proxies. */
  readonly network?: Network;
  /** Default: in the database. */
  readonly idempotency?: IdempotencyStore;
  /** Default: in the database. */
  readonly rates?: RateStore;
  /** Told of every request that was answered. */
  readonly witness?: RequestWitness;
  /** Tests hold each reply against its declaration. */
  readonly verifyReplies?: boolean;
}

export const apiBase = '/api/v1';

export function createApp(deps: AppDeps): Express {
  const tokens = accessTokens(deps.secret);
  const authenticate = bearerAuthentication(async (token, address) => {
    if (isApiToken(token)) return tokenBearer(deps.database, token, address);
    const bearer = await tokens.bearerOf(token);
    return bearer && bearerOf(deps.database, bearer);
  });
  const routes = allRoutes(deps, tokens);
  checkRoutes(routes, deps.permissions);
  const frame = {
    authenticate,
    mayCall: callableBy(deps.permissions),
    rates: createRateLimiter(deps.rates ?? rateStoreIn(deps.database)),
    limits: deps.limits ?? defaultLimits,
    idempotency: deps.idempotency ?? idempotencyIn(deps.database),
    verifyReplies: deps.verifyReplies ?? false,
  };
  const { origins, proxies } = deps.network ?? closedNetwork;
  const app = express();
  trust(app, proxies);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', readQueryString);
  app.use(beginCall(deps.logger), logRequests(deps.witness), securityHeaders());
  if (origins.length > 0) app.use(browsersFrom(origins));
  app.use(healthRoutes({ readiness: deps.readiness, authenticate }));
  app.get('/api/openapi.json', serveDocument(routes));
  app.use('/api/docs', apiPage());
  app.use(pages());
  app.use(apiBase, mountRoutes(routes, frame));
  app.use(refuseUnknownAddresses(), answerErrors());
  return app;
}

function allRoutes(deps: AppDeps, tokens: AccessTokens): readonly Route[] {
  const seal = sealFor('second-factor', deps.secret);
  return [
    ...authRoutes({ database: deps.database, desk: deps.desk, tokens, seal }),
    setupRoute(deps),
    ...meRoutes(deps),
    ...sessionRoutes(deps),
    passwordRoute(deps),
    ...secondFactorRoutes({ ...deps, seal }),
    stepUpRoute({ ...deps, seal }),
    ...notificationRoutes(deps),
    ...deps.routes,
    ...organizationRoutes(deps),
    exportRoute(deps),
    ...userRoutes(deps),
    ...roleRoutes(deps),
    ...assignmentRoutes(deps),
    ...delegationRoutes(deps),
    ...myTokenRoutes(deps),
    ...serviceAccountRoutes(deps),
    ...teamRoutes(deps),
    ...serviceRoutes(deps),
    ...calendarRoutes(deps),
    ...categoryRoutes(deps),
    ...locationRoutes(deps),
    ...changeGroundRoutes(deps),
    ...mailRoutes(deps),
    ...auditRoutes(deps),
    permissionRoute(deps.permissions),
  ];
}

/** Without `upgrade-insecure-requests`: the API page must work over plain HTTP inside a network. */
function securityHeaders(): express.RequestHandler {
  return helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
}

/** Made at the first request: it takes some milliseconds that a start should not pay. */
function serveDocument(routes: readonly Route[]): express.RequestHandler {
  let document: OpenApiDocument | undefined;
  return (request, response) => {
    document ??= openApiDocument(routes, {
      title: 'Holdfast',
      version: '1',
      description: 'IT service management in which the life of every ticket is one workflow.',
      base: apiBase,
    });
    response.json(document);
  };
}
