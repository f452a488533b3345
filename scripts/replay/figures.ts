/** Counting and ranking. Pure. */

/** How often each thing was counted. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Most frequent first, equal ones by name. */
  sorted(): [name: string, count: number][] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }
}

/** The value below or at which a share of the values lies (nearest rank); undefined of none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const ranked = [...values].sort((a, b) => a - b);
  return ranked[Math.max(0, Math.ceil(share * ranked.length) - 1)];
}
