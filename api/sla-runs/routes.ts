/** Runs over many tickets: their progress, and what came out otherwise. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { findRun } from '../../models/sla-runs/rows';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import { readRoutes, type ListSources } from '../http/list/readable';
import { defineRoute, type Route } from '../http/route';
import { applyRoute } from './apply';
import { flipFrom, flipListing, flipSelect, SlaFlip, slaRuns, type FlipRow } from './shown';

export function slaRunRoutes(sources: ListSources): Route[] {
  return [...readRoutes(sources, slaRuns), flipsRoute(sources), applyRoute(sources)];
}

function flipsRoute({ database, secret }: ListSources): Route {
  return defineRoute({
    method: 'get',
    path: '/sla-runs/{id}/flips',
    tag: slaRuns.tag,
    access: slaRuns.access,
    summary: 'List what a dry run found: clocks that would have come out otherwise.',
    params: z.strictObject({ id: z.uuid() }),
    query: listQuery(flipListing),
    reply: { status: 200, description: 'A page.', body: pageSchema(SlaFlip) },
    handle: async ({ actor, params: { id }, query }) => {
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        if (!(await findRun(tx, id))) throw new Refusal('not_found', 'There is no such run.');
        const where = 'f.organization_id = $1 and f.run_id = $2::uuid';
        const source = { select: flipSelect, from: flipFrom, where };
        const context = { actor, secret, binds: [tx.organizationId, id] };
        return readPage<FlipRow>(tx, { listing: flipListing, query, source, context });
      });
      return pageReply(page, presentFlip);
    },
  });
}

function presentFlip(row: FlipRow): z.infer<typeof SlaFlip> {
  return SlaFlip.parse({ ...row, resolvedAt: toInstant(row.resolvedAt) });
}
