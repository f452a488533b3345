/** Connections to other systems: kept by administrators, tried out, called by automatic tasks. */
import { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import { call } from '../../models/connections/call';
import {
  connectionWith,
  SealedElsewhere,
  sealPurpose,
  type Connection,
} from '../../models/connections/rows';
import type { Network } from '../../models/connections/send';
import { withoutAddress } from '../../models/connections/words';
import { Refusal } from '../../models/errors';
import { sealFor, type Seal } from '../../models/seal';
import type { ListSources } from '../http/list/readable';
import { doerOf } from '../http/request';
import { resourceRoutes } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { activityRoute } from './activities';
import { connectionResource, type ConnectionShown } from './shown';

export interface ConnectionSources extends ListSources {
  /** Seals what is secret of a connection; the worker has the same. */
  readonly secret: string;
  readonly network: Network;
}

export function connectionRoutes(sources: ConnectionSources): Route[] {
  const { secret, network } = sources;
  const seal = sealFor(sealPurpose, secret);
  return [
    activityRoute(),
    ...resourceRoutes<ConnectionShown>(sources, connectionResource(seal, network.hosts)),
    testRoute(sources, seal),
  ];
}

const Tried = z
  .object({
    isReached: z.boolean().describe('There was an answer, whatever it said.'),
    status: z.int().nullable(),
    milliseconds: z.int(),
    error: z
      .string()
      .nullable()
      .meta({ examples: ['ECONNREFUSED'] }),
  })
  .meta({ id: 'ConnectionTest' });

function testRoute({ database, network }: ConnectionSources, seal: Seal): Route {
  return defineRoute({
    method: 'post',
    path: '/connections/{id}/actions/test',
    tag: 'Administration',
    access: 'connection:manage',
    ifMatch: false,
    summary: 'Send a GET to a connection as tasks would, and say whether it answers.',
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({
      path: z.string().max(1_000).regex(/^\//).default('/').describe('Below the base URL.'),
    }),
    reply: { status: 200, description: 'What came of it.', body: Tried },
    handle: async ({ actor, params: { id }, body: { path }, request }) => {
      const by = doerOf({ actor, request });
      const connection = await database.inOrganization(actor.organizationId, async (tx) => {
        const found = await connectionWith(tx, seal, id).catch(refuseSealed);
        if (!found) throw new Refusal('not_found', 'There is no such connection.');
        const target = { type: 'connection', id, name: found.name };
        await recordAct(tx, by, { action: 'connection.tested', target, after: { path } });
        return found;
      });
      return { body: await tried(network, connection, { path, key: request.commandId }) };
    },
  });
}

function refuseSealed(error: unknown): never {
  if (error instanceof SealedElsewhere) throw new Refusal('conflict', `${error.message}.`);
  throw error;
}

async function tried(
  network: Network,
  connection: Connection,
  { path, key }: { readonly path: string; readonly key: string },
): Promise<z.infer<typeof Tried>> {
  const began = performance.now();
  const ended = (what: { status: number | null; error: string | null }) => ({
    ...what,
    isReached: what.status !== null,
    milliseconds: Math.round(performance.now() - began),
  });
  const deps = { network, now: () => new Date() };
  try {
    const { status } = await call(deps, connection, { method: 'GET', path, idempotencyKey: key });
    return ended({ status, error: null });
  } catch (error) {
    // What it is asked for: why there is no answer.
    return ended({ status: null, error: withoutAddress(error) });
  }
}
