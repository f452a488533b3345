/** Where a ticket stands, as far as a foreign log and Holdfast can both say it. */
export const places = [
  'new',
  'active',
  'logged',
  'investigating',
  'fixInProgress',
  'queued',
  'hold:customer',
  'hold:problem',
  'hold:vendor',
  'hold:change',
  'hold:scheduled',
  'resolved',
  'closed',
  'cancelled',
] as const;
export type Place = (typeof places)[number];

/** State (and reason of a hold) of an incident → place. Throws on a state that is not known here. */
export function placeOfOurs(state: string, holdReason: string | null): Place {
  const known = ourPlaces[state === 'onHold' ? `hold:${String(holdReason)}` : state];
  if (known === undefined) throw new Error(`The replay does not know the state ${state}.`);
  return known;
}

const ourPlaces: Readonly<Record<string, Place>> = {
  new: 'new',
  assigned: 'new',
  inProgress: 'active',
  'hold:customer': 'hold:customer',
  'hold:problem': 'hold:problem',
  'hold:vendor': 'hold:vendor',
  'hold:change': 'hold:change',
  'hold:scheduled': 'hold:scheduled',
  resolved: 'resolved',
  closed: 'closed',
  cancelled: 'cancelled',
};

/** Nothing leads out of it. */
export function isFinal(place: Place): boolean {
  return place === 'closed' || place === 'cancelled';
}
