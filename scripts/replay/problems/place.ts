/** Where a problem stands, as far as a foreign log and Holdfast can both say it. Pure. */
import type { Place } from '../place';
import type { Seen } from '../plan';

const places: Readonly<Record<string, Place>> = {
  logged: 'logged',
  investigating: 'investigating',
  fixInProgress: 'fixInProgress',
  resolved: 'resolved',
  closed: 'closed',
  cancelled: 'cancelled',
};

/** Work that was begun and that nobody has is in a queue. Throws on a state that is not known here. */
export function placeOfProblem({ state, hasAssignee }: Pick<Seen, 'state' | 'hasAssignee'>): Place {
  const place = places[state];
  if (place === undefined) throw new Error(`The replay does not know the state ${state}.`);
  return isWork(place) && !hasAssignee ? 'queued' : place;
}

/** Somebody looks for the cause, or removes it. */
export function isWork(place: Place): boolean {
  return place === 'investigating' || place === 'fixInProgress';
}
