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

/** What is left of `stretches` outside of `gaps`. */
export function without(stretches: readonly Stretch[], gaps: readonly Stretch[]): Stretch[] {
  return gaps.reduce<Stretch[]>(
    (left, gap) => left.flatMap((stretch) => parts(stretch, gap).filter(isSome)),
    [...stretches],
  );
}

/** What of `stretches` lies inside of `frame`. */
export function inside(stretches: readonly Stretch[], frame: Stretch): Stretch[] {
  return stretches
    .map(([from, to]): Stretch => [Math.max(from, frame[0]), Math.min(to, frame[1])])
    .filter(isSome);
}

function parts([from, to]: Stretch, gap: Stretch): Stretch[] {
  return [
    [from, Math.min(to, gap[0])],
    [Math.max(from, gap[1]), to],
  ];
}

function isSome([from, to]: Stretch): boolean {
  return from < to;
}
