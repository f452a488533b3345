/** For whom somebody looks at the catalog, or orders from it. */
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import type { Onlooker } from '../../models/service-catalog/conditions';
import { manages, readOnlooker } from '../../models/service-catalog/onlookers';
import { seesAll } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';

export interface Beneficiary {
  readonly id: string;
  /** As audiences look at them: what counts is who gets it, not who orders it. */
  readonly onlooker: Onlooker;
}

/**
 * For themselves, or for somebody else: whoever holds `request:all`, and managers for those below them. Throws
 * forbidden, whether or not there is such a person, and invalid_input for whom there is not.
 */
export async function beneficiaryOf(
  tx: Tx,
  actor: Actor,
  wanted: string | undefined,
  pointer: string,
): Promise<Beneficiary> {
  const id = wanted ?? actor.id;
  const isOther = id !== actor.id;
  if (isOther && !seesAll(actor, 'request') && !(await manages(tx, actor.id, id)))
    throw new Refusal('forbidden', 'You may order for yourself and for those whom you manage.');
  const onlooker = await readOnlooker(tx, id);
  if (onlooker !== undefined) return { id, onlooker };
  throw invalid(pointer, 'is nobody who is there', 'not_found');
}
