/** What is done to an installation: which fault, to whom, for how long. Pure. */
import type { Dice } from './dice';

export const faultKinds = [
  'kill-worker',
  'kill-api',
  'kill-postgres',
  'kill-temporal',
  'kill-all',
  'freeze-worker',
  'freeze-api',
  'freeze-postgres',
  'freeze-temporal',
  'restart-temporal',
  'cut-postgres',
  'cut-temporal',
  'stall-postgres',
  'stall-temporal',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Names of parts or of wires. */
  readonly targets: readonly string[];
  /** How long it lasts; what was killed is dead for so long. */
  readonly forMs: number;
}

/** A fault that was injected: when it began and when it was mended, in ms since 1970. */
export interface Injected extends Fault {
  readonly from: number;
  readonly to: number;
}

/** What there is to break, by name. */
export interface Targets {
  readonly parts: readonly string[];
  readonly links: readonly string[];
}

/** The next fault; undefined when everything that it could hit is broken already. */
export function nextFault(
  dice: Dice,
  kinds: readonly FaultKind[],
  { parts, links }: Targets,
  broken: ReadonlySet<string>,
): Fault | undefined {
  const kind = dice.pick(kinds);
  const [verb = '', of = ''] = kind.split('-');
  const all = verb === 'cut' || verb === 'stall' ? wiresTo(of, links) : partsOf(of, parts);
  const whole = all.filter((name) => !broken.has(name));
  const forMs = Math.round(lengthOf(verb, dice));
  if (of === 'all') return whole.length < all.length ? undefined : { kind, targets: all, forMs };
  if (whole.length === 0) return undefined;
  // Mostly one of several: the others are to take over. Sometimes all of them.
  const targets = dice.chance(0.3) ? whole : [dice.pick(whole)];
  return { kind, targets, forMs };
}

const storeNames: Readonly<Record<string, string>> = {
  postgres: 'PostgreSQL',
  temporal: 'Temporal',
};

function wiresTo(store: string, links: readonly string[]): string[] {
  return links.filter((name) => name.endsWith(` to ${storeNames[store] ?? store}`));
}

function partsOf(word: string, parts: readonly string[]): string[] {
  if (word === 'all') return [...parts];
  const kind = storeNames[word] ?? (word === 'api' ? 'API' : word);
  return parts.filter((name) => name === kind || name.startsWith(`${kind} `));
}

/** A killed part is started again after up to 3 s, as a supervisor would; the rest lasts seconds. */
function lengthOf(verb: string, dice: Dice): number {
  return verb === 'kill' || verb === 'restart' ? dice.next() * 3_000 : 1_000 + dice.next() * 6_000;
}
