/** Whether this process lives, and whether it can serve. For probes: no sign-in, no rate limit. */
import { Router, type Request, type Response } from 'express';
import type { Readiness } from '../../engine/health';
import { may } from '../../models/users/permissions';
import type { Authenticate } from '../auth/bearer';
import { callOf } from '../http/call';

export interface HealthSources {
  readonly readiness: () => Promise<Readiness>;
  readonly authenticate: Authenticate;
}

/** More than whether a part is well is for administrators: the reason may name hosts. */
export function healthRoutes({ readiness, authenticate }: HealthSources): Router {
  const router = Router();
  router.get('/health/live', (request, response) => {
    callOf(request).route = '/health/live';
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (request, response) => {
    callOf(request).route = '/health/ready';
    const found = await readiness().catch((error: unknown): Readiness => {
      callOf(request).log.error({ err: error }, 'readiness could not be found out');
      return { ready: false, parts: {} };
    });
    const isDetailed = await isAdmin(request, response, authenticate);
    const parts = Object.entries(found.parts).map(([name, part]) => [
      name,
      isDetailed ? part : { ok: part.ok },
    ]);
    response
      .status(found.ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready: found.ready, parts: Object.fromEntries(parts) as unknown });
  });
  return router;
}

async function isAdmin(request: Request, response: Response, authenticate: Authenticate) {
  if (request.get('authorization') === undefined) return false;
  return authenticate(request, response).then(
    (actor) => may(actor, 'health:read'),
    () => false,
  );
}
