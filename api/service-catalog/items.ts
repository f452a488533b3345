/** Items of the catalog as a resource: what is edited is a draft beside the version that is ordered. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import type { Activities } from '../../models/service-catalog/check/ground';
import { DefinitionInput } from '../../models/service-catalog/definition.schema';
import { CatalogItemRow } from '../../models/service-catalog/tables';
import { Line } from '../http/input/fields';
import { without } from '../http/resource/links';
import type { Change, Resource } from '../http/resource/resource';
import { refuseWrong } from './ground';
import { CatalogItem, itemFrom, itemListing, itemSelect } from './item-shape';

const input = z.strictObject({
  name: Line,
  categoryId: z.uuid(),
  position: z.int().min(0).max(1_000_000).default(0),
  definition: DefinitionInput,
});

/** A resource whose plans may name these activities. */
export function itemsFor(activities: Activities): Resource<CatalogItem> {
  return {
    path: '/catalog-designs',
    tag: 'Service catalog',
    one: 'catalog item',
    many: 'items of the service catalog as their designers see them',
    access: 'catalog:manage',
    manage: 'catalog:manage',
    model: CatalogItemRow,
    input,
    columns: ({ input: given }) => without(given, 'definition'),
    refuse: (tx, change) => refuse(tx, change, activities),
    alongside: writeDraft,
    listing: itemListing,
    item: CatalogItem,
    select: itemSelect,
    from: itemFrom,
    present: (row) => CatalogItem.parse(row),
  };
}

async function refuse(tx: Tx, { did, id, input: given }: Change, activities: Activities) {
  if (did === 'deleted') {
    await forgetDraft(tx, id);
    return;
  }
  if (given['definition'] === undefined) return;
  await refuseWrong(tx, activities, DefinitionInput.parse(given['definition']));
}

/** Requests name versions that were published; of what never was nothing is left. */
async function forgetDraft(tx: Tx, id: string): Promise<void> {
  const published = await tx.rows(
    `select 1 from catalog_item_versions
      where organization_id = $1 and id = $2 and state <> 'draft' limit 1`,
    [tx.organizationId, id],
  );
  if (published.length > 0)
    throw new Refusal('conflict', 'The item was published: retire it instead.');
  await tx.rows('delete from catalog_item_versions where organization_id = $1 and id = $2', [
    tx.organizationId,
    id,
  ]);
}

/** What says what one gets begins a draft, or changes it; where the item stands in the catalog does not. */
async function writeDraft(tx: Tx, { id, input: given, actor }: Change): Promise<void> {
  const { name, definition } = given;
  if (name === undefined && definition === undefined) return;
  const text = definition === undefined ? null : JSON.stringify(definition);
  const bind = [tx.organizationId, id, name ?? null, text, actor.id];
  const edited = await tx.rows(
    `update catalog_item_versions
        set name = coalesce($3, name), definition = coalesce($4::jsonb, definition),
            written_by_id = $5, written_at = clock_timestamp(), revision = revision + 1
      where organization_id = $1 and id = $2 and state = 'draft' returning version`,
    bind,
  );
  if (edited.length > 0) return;
  await tx.rows(
    `insert into catalog_item_versions
       (organization_id, id, version, name, definition, written_by_id)
     select $1, $2, coalesce(v.version, 0) + 1, coalesce($3, v.name),
            coalesce($4::jsonb, v.definition), $5
       from (select 1) one left join lateral (
         select version, name, definition from catalog_item_versions
          where organization_id = $1 and id = $2 order by version desc limit 1) v on true`,
    bind,
  );
}
