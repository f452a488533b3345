/** SLA policies: what is promised to which tickets, as versions that are never edited. */
import { z } from 'zod';
import type { ProcessDeclaration } from '../../workflows/process';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import type { ListSources } from '../http/list/readable';
import { read, resourceRoutes } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { actRoutes } from './acts';
import { dryRunRoute } from './dry-run';
import { policiesFor } from './resource';
import { hasCome, isComing, SlaPolicyVersion, versionSql } from './shown';

export function slaPolicyRoutes(
  sources: ListSources,
  processes: readonly ProcessDeclaration[],
): Route[] {
  const policies = policiesFor(processes);
  return [
    ...resourceRoutes(sources, policies),
    versionsRoute(sources, policies),
    ...actRoutes({ ...sources, policies, processes }),
    dryRunRoute(sources, policies, processes),
  ];
}

const states = ['inForce', 'scheduled', 'superseded', 'withdrawn'] as const;

const Listed = SlaPolicyVersion.extend({ state: z.enum(states) }).meta({
  id: 'ListedSlaPolicyVersion',
});

const listing = defineListing({
  name: 'slaPolicyVersions',
  item: Listed,
  // All versions of a policy have its id: their number breaks no tie, as it is the order.
  idSql: 'v.id',
  fields: { version: { type: 'integer', column: 'v.version', nullable: false } },
  sorts: ['version'],
  defaultSort: '-version',
});

const select = `${versionSql} as shown,
  case when v.published_at = 'infinity' then 'withdrawn'
       when ${isComing} then 'scheduled'
       when exists (select 1 from sla_policies n
                     where n.organization_id = v.organization_id and n.id = v.id
                       and n.version > v.version and ${hasCome.replace('v.', 'n.')}) then 'superseded'
       else 'inForce' end as state`;

interface StoredVersion {
  readonly shown: z.infer<typeof SlaPolicyVersion>;
  readonly state: (typeof states)[number];
}

function versionsRoute(
  { database, secret }: ListSources,
  policies: ReturnType<typeof policiesFor>,
): Route {
  return defineRoute({
    method: 'get',
    path: `${policies.path}/{id}/versions`,
    tag: policies.tag,
    access: policies.access,
    summary: 'List the versions of a policy, the last first.',
    params: z.strictObject({ id: z.uuid() }),
    query: listQuery(listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(Listed) },
    handle: async ({ actor, params: { id }, query }) => {
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        await read(tx, policies, id);
        const where = 'v.organization_id = $1 and v.id = $2::uuid';
        const source = { select, from: 'sla_policies v', where };
        const context = { actor, secret, binds: [tx.organizationId, id] };
        return readPage<StoredVersion>(tx, { listing, query, source, context });
      });
      return pageReply(page, ({ shown, state }) => ({ ...shown, state }));
    },
  });
}
