import type { Fact } from './fact';
import type { Need } from './rules';

/** Needs of what an input names; whatever is no id, or is not given, is no need. */
export function namedNeeds(wanted: readonly (readonly [Need['kind'], unknown])[]): Need[] {
  return wanted.flatMap(([kind, id]) => (typeof id === 'string' ? [{ kind, id }] : []));
}

/** The members of the input of whichever fact; none where it is no object. */
export function membersOf<Members extends object = Readonly<Record<string, unknown>>>({
  input,
}: Pick<Fact, 'input'>): Partial<Members> {
  return typeof input === 'object' && input !== null ? input : {};
}
