import { Refusal } from '../../models/errors';

/** For whoever has proved who they are and whose organization is suspended. */
export function suspended(): Refusal {
  return new Refusal('organization_suspended', 'This organization is suspended; ask who runs it.');
}
