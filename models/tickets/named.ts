import type { Need } from './rules';

/** Needs of what an input names; whatever is no id, or is not given, is no need. */
export function namedNeeds(wanted: readonly (readonly [Need['kind'], unknown])[]): Need[] {
  return wanted.flatMap(([kind, id]) => (typeof id === 'string' ? [{ kind, id }] : []));
}
