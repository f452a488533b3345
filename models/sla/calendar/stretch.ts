/** Sets of half-open stretches [from, to) of one number line: milliseconds, local or absolute. */

export type Stretch = readonly [from: number, to: number];

/** Sorted, with empty stretches dropped and those that overlap or touch joined. */
export function merged(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const [from, to] of stretches.filter(isSome).sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last === undefined || from > last[1]) joined.push([from, to]);
    else joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return joined;
}

/** What is left of `stretches` outside of `gaps`; each of them ascending and apart from each other. */
export function without(stretches: readonly Stretch[], gaps: readonly Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  let gap = 0;
  for (const [from, to] of stretches) {
    let start = from;
    while ((gaps[gap]?.[1] ?? Infinity) <= start) gap += 1;
    for (let next = gap; start < to; next += 1) {
      const [gapFrom, gapTo] = gaps[next] ?? [Infinity, Infinity];
      if (start < gapFrom) left.push([start, Math.min(to, gapFrom)]);
      start = Math.max(start, gapTo);
    }
  }
  return left;
}

/** What of `stretches` lies inside of `frame`. */
export function inside(stretches: readonly Stretch[], frame: Stretch): Stretch[] {
  return stretches
    .map(([from, to]): Stretch => [Math.max(from, frame[0]), Math.min(to, frame[1])])
    .filter(isSome);
}

/** Of all together; they are apart from each other. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, [from, to]) => sum + to - from, 0);
}

function isSome([from, to]: Stretch): boolean {
  return from < to;
}
