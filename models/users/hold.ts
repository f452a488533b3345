import type { Tx } from '../database';
import { Refusal } from '../errors';

/** Somebody by id and name, locked until the transaction ends. Throws not_found, also for a service account unless it may be one. */
export async function holdPerson(
  tx: Tx,
  id: string,
  { orService = false }: { readonly orService?: boolean } = {},
): Promise<{ readonly id: string; readonly name: string }> {
  const [person] = await tx.rows<{ id: string; name: string }>(
    `select id, name from users
      where organization_id = $1 and id = $2 and (not is_service or $3) for no key update`,
    [tx.organizationId, id, orService],
  );
  if (!person) throw new Refusal('not_found', 'There is no such person.');
  return person;
}
