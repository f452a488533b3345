/** Bodies for every operation on the service catalog, right but for the ids that go in. */
import { aDefinition, anItem, aPlan } from './catalog-items';

const answers = { model: 'light' };

export function catalogBodies(own: () => Record<string, string>): Record<string, () => object> {
  return {
    'post /catalog-categories': () => ({
      name: `Category ${Math.random()}`,
      parentId: own()['catalogCategory'],
    }),
    'patch /catalog-categories/{id}': () => ({ parentId: null }),
    'post /catalog-designs': () => anItem(own()['catalogCategory'] ?? ''),
    'patch /catalog-designs/{id}': () => ({
      categoryId: own()['catalogCategory'],
      definition: aDefinition(),
    }),
    'post /catalog/items/{id}/actions/validate': () => ({
      requestedForId: own()['person'],
      answers,
    }),
    'post /orders': () => ({
      requestedForId: own()['person'],
      items: [{ itemId: own()['catalogItem'], answers }],
    }),
  };
}

type Make = (path: string, body: object) => Promise<string>;

/** One of each kind that an id may name. */
export async function catalogThings(make: Make) {
  const catalogCategory = await make('/catalog-categories', { name: 'S3cr3t' });
  const definition = aDefinition({ fulfilment: aPlan });
  const item = anItem(catalogCategory, { name: 'S3cr3t', definition });
  const catalogItem = await make('/catalog-designs', item);
  await make(`/catalog-designs/${catalogItem}/actions/publish`, {});
  const order = await make('/orders', { items: [{ itemId: catalogItem, answers }] });
  return { catalogCategory, catalogItem, order };
}
