/** Bodies for every operation on the service catalog, right but for the ids that go in. */
import { aDefinition, anItem } from './catalog-items';

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

/** One of each kind that an id may name; an order where there are requests. */
export async function catalogThings(make: Make, hasRequests: boolean) {
  const catalogCategory = await make('/catalog-categories', { name: 'S3cr3t' });
  const catalogItem = await make('/catalog-designs', anItem(catalogCategory, { name: 'S3cr3t' }));
  await make(`/catalog-designs/${catalogItem}/actions/publish`, {});
  const things = { catalogCategory, catalogItem };
  if (!hasRequests) return things;
  const order = await make('/orders', { items: [{ itemId: catalogItem, answers }] });
  return { ...things, order };
}
