/** Which services are tied to each other by dependencies, over whatever lies between. Pure. */

/** A service needs another one. */
export interface Dependency {
  readonly serviceId: string;
  readonly dependsOnId: string;
}

/**
 * By id of these services: ids of all that it needs and of all that need it, directly or not; not itself.
 * Circles are no error.
 */
export function relatedTo(
  serviceIds: readonly string[],
  dependencies: readonly Dependency[],
): Map<string, Set<string>> {
  const needed = neighboursOf(dependencies.map((one) => [one.serviceId, one.dependsOnId]));
  const needing = neighboursOf(dependencies.map((one) => [one.dependsOnId, one.serviceId]));
  return new Map(
    serviceIds.map((id) => {
      const related = new Set([...reachedFrom(id, needed), ...reachedFrom(id, needing)]);
      related.delete(id);
      return [id, related];
    }),
  );
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighboursOf(edges: readonly (readonly [from: string, to: string])[]): Neighbours {
  const neighbours = new Map<string, string[]>();
  for (const [from, to] of edges) {
    const known = neighbours.get(from);
    if (known) known.push(to);
    else neighbours.set(from, [to]);
  }
  return neighbours;
}

function reachedFrom(start: string, neighbours: Neighbours): Set<string> {
  const reached = new Set<string>();
  const ahead = [start];
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    for (const next of neighbours.get(at) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      ahead.push(next);
    }
  }
  return reached;
}
