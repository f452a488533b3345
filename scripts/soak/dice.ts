/** Chance that can be repeated: the same seed throws the same. Pure but for its own place in the row. */
export interface Dice {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** True in this share of the throws. */
  chance(share: number): boolean;
  /** One of them; throws when there is none. */
  pick<T>(items: readonly T[]): T;
  /** One of the names, each as often as its weight says; throws when there is none. */
  weigh<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T;
  /** Dice of its own for a part of the story: what others throw does not move it. */
  of(name: string): Dice;
}

export function diceOf(seed: string): Dice {
  let state = hashOf(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
    pick: (items) => chosen(items, Math.floor(next() * items.length)),
    weigh: (weights) => weighed(weights, next()),
    of: (name) => diceOf(`${seed}/${name}`),
  };
}

function chosen<T>(items: readonly T[], index: number): T {
  const [item] = items.slice(index, index + 1);
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}

function weighed<T extends string>(
  weights: Readonly<Partial<Record<T, number>>>,
  thrown: number,
): T {
  const entries = Object.entries<number | undefined>(weights).map(
    ([name, weight = 0]) => [name, weight] as const,
  );
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = thrown * total;
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return nameIn(weights, name);
  }
  throw new Error('There is nothing to choose from');
}

function nameIn<T extends string>(weights: Readonly<Partial<Record<T, number>>>, name: string): T {
  // Object.entries forgets what the names of its object are.
  if (Object.hasOwn(weights, name)) return name as T;
  throw new Error(`${name} has no weight`);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
