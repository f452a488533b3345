/** How versions of an item come to be ordered, and how the item ends. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { changesRoles, refusePlanBeyond } from '../../models/fulfilment/rights';
import type { Actor } from '../../models/users/actor';
import type { Permission } from '../../models/users/permissions';
import { refuseStale } from '../http/admission';
import { Refusal } from '../../models/errors';
import type { Activities } from '../../models/service-catalog/check/ground';
import { DefinitionInput } from '../../models/service-catalog/definition.schema';
import type { ListSources } from '../http/list/readable';
import { actOn } from '../http/resource/act';
import type { Resource } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { refuseWrong } from './ground';
import { CatalogItem } from './item-shape';

interface Acting extends ListSources {
  readonly items: Resource<CatalogItem>;
  readonly activities: Activities;
  /** All that there are: whoever publishes a plan must hold what it gives. */
  readonly permissions: readonly Permission[];
}

export function itemActRoutes(deps: Acting): Route[] {
  return [publishRoute(deps), retireRoute(deps)];
}

function publishRoute(deps: Acting): Route {
  return actRoute(deps, {
    name: 'publish',
    did: 'published',
    summary: 'Publish the draft: it is what is ordered from now on.',
    description: 'Requests that are open keep the version that they were ordered of.',
    work: async (tx, { id, draft }, actor) => {
      if (draft === null)
        throw new Refusal('conflict', 'There is nothing to publish: edit the item first.');
      const definition = DefinitionInput.parse(draft.definition);
      // What it names may be gone since it was written.
      await refuseWrong(tx, deps.activities, definition);
      const plan = definition.fulfilment;
      if (changesRoles(plan)) refuseStale(actor);
      await refusePlanBeyond(tx, actor, { plan, at: '/definition/fulfilment' }, deps.permissions);
      await retirePublished(tx, id);
      await tx.rows(
        `update catalog_item_versions set state = 'published', published_at = clock_timestamp()
          where organization_id = $1 and id = $2 and state = 'draft'`,
        [tx.organizationId, id],
      );
      await settle(tx, id, 'published');
    },
  });
}

function retireRoute(deps: Acting): Route {
  return actRoute(deps, {
    name: 'retire',
    did: 'retired',
    summary: 'Retire the item: nobody orders it any more.',
    description: 'Requests that are open go on. Publishing again ends it.',
    work: async (tx, { id, state }) => {
      if (state !== 'published')
        throw new Refusal('conflict', `The item is ${state}: only a published one is retired.`);
      await retirePublished(tx, id);
      await settle(tx, id, 'retired');
    },
  });
}

async function retirePublished(tx: Tx, id: string): Promise<void> {
  await tx.rows(
    `update catalog_item_versions set state = 'retired', retired_at = clock_timestamp()
      where organization_id = $1 and id = $2 and state = 'published'`,
    [tx.organizationId, id],
  );
}

async function settle(tx: Tx, id: string, state: CatalogItem['state']): Promise<void> {
  await tx.rows(
    `update catalog_items set state = $3, revision = revision + 1
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, state],
  );
}

interface Act {
  readonly name: string;
  readonly did: string;
  readonly summary: string;
  readonly description: string;
  readonly work: (tx: Tx, item: CatalogItem, actor: Actor) => Promise<void>;
}

function actRoute({ database, items }: Acting, { name, did, work, ...facts }: Act): Route {
  return defineRoute({
    ...facts,
    method: 'post',
    path: `${items.path}/{id}/actions/${name}`,
    tag: items.tag,
    access: items.manage,
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 200, description: `It is ${did}.`, body: CatalogItem },
    handle: async ({ actor, params: { id }, request }) => {
      const deed = { did, id, actor, request, ifMatch: request.ifMatch };
      const row = await database.inOrganization(actor.organizationId, (tx) =>
        actOn(tx, items, deed, (item) => work(tx, item, actor)),
      );
      return { body: CatalogItem.parse(row), revision: row.revision };
    },
  });
}
