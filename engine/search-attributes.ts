/** Registers the keywords of lives; one that is not registered would hold up every task. */
import { temporal } from '@temporalio/proto';
import { searchAttributes } from './view';
import type { Engine } from './client';

const { IndexedValueType } = temporal.api.enums.v1;

/** Adds what is missing; safe to repeat, also by two starters at once. */
export async function registerSearchAttributes({ connection, namespace }: Engine): Promise<void> {
  const present = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in present.customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map((name) => [name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD]),
    ),
  });
}
