/** The order of two texts by their code units, for sorting: instants, keys and ids are ordered so. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
