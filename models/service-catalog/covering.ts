/** Which requests of one order are approved together: those that ask the same people in the same way. */
import type { ItemDefinition } from './shape';

interface Ordered {
  /** Of the request. */
  readonly id: string;
  readonly definition: Pick<ItemDefinition, 'approval' | 'serviceId'>;
  /** Whether the condition of its approval holds. */
  readonly isAsked: boolean;
}

export interface Covering {
  /** The request that is asked for this one, too. */
  readonly coveredById: string | null;
  /** Requests that this one is asked for. */
  readonly covers: readonly string[];
}

/** By the ids of requests; the first of those that ask alike is asked for all of them. */
export function coveringOf(ordered: readonly Ordered[]): ReadonlyMap<string, Covering> {
  const groups = new Map<string, string[]>();
  for (const one of ordered) {
    const key = questionOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one.id]);
  }
  const coverings = [...groups.values()].flatMap(
    ([first = '', ...others]): [string, Covering][] => [
      [first, { coveredById: null, covers: others }],
      ...others.map((id): [string, Covering] => [id, { coveredById: first, covers: [] }]),
    ],
  );
  return new Map(coverings);
}

/** Alike for those that ask alike; of those that are asked alone, or not at all, it is their own. */
function questionOf({ id, definition, isAsked }: Ordered): string {
  const { approval, serviceId } = definition;
  if (approval === null || !isAsked || !approval.coversOrder) return id;
  const approvers = approval.stages.flat().flatMap((round) => round.approvers);
  const asksOwner = approvers.some(
    (one) => one.kind === 'relation' && one.relation === 'serviceOwner',
  );
  // Owners are of services: the same words ask other people where the service is another one.
  return JSON.stringify([approval.stages, asksOwner ? serviceId : null]);
}
