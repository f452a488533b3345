/** Reads the versions of catalog items that requests were ordered of. */
import { z } from 'zod';
import type { Tx } from '../database';
import type { Json } from '../tickets/ticket';
import type { ItemVersion } from './shape';

const About = z.object({ id: z.uuid(), version: z.int() });

/** Published versions are never edited, so what was read once is right for ever. */
const kept = new Map<string, ItemVersion>();
const mostKept = 2_000;

/**
 * What a version of an item says, `about` being `{ id, version }`: always the same object, so that what is
 * compiled of it is compiled once. Undefined: there is none, it was never published, or `about` names none.
 */
export async function readItemVersion(tx: Tx, about: Json): Promise<ItemVersion | undefined> {
  const named = About.safeParse(about);
  if (!named.success) return undefined;
  const { id, version } = named.data;
  const key = `${tx.organizationId}/${id.toLowerCase()}/${version}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const [row] = await tx.rows<ItemVersion>(
    `select id, version, name, definition from catalog_item_versions
      where organization_id = $1 and id = $2 and version = $3 and state <> 'draft'`,
    [tx.organizationId, id, version],
  );
  if (row === undefined) return undefined;
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, row);
  return row;
}
