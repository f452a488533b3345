/** The order of a problem's places: as Holdfast must go, and as it went. Pure. */
import type { Place } from '../place';
import { withoutRepeats, type TicketEvent } from '../sequence';
import { isWork, placeOfProblem } from './place';

/** The way that a problem knows through these places: with the stops that it makes on the way. */
export function wayThrough(told: readonly Place[]): Place[] {
  const way: Place[] = ['logged'];
  let work: Place = 'logged';
  for (const place of told) {
    const from = way.at(-1) ?? 'logged';
    way.push(...stopsBetween(from, place, work), place);
    if (isWork(place)) work = place;
    // What comes back from there is looked into again.
    if (place === 'resolved') work = 'investigating';
  }
  return withoutRepeats(way);
}

/** `work` is what was done last; what comes out of a queue goes on there. */
function stopsBetween(from: Place, to: Place, work: Place): Place[] {
  const goesOnAt = from === 'queued' ? work : from;
  if (to === 'closed') return from === 'resolved' ? [] : ['resolved'];
  if (to === 'investigating' && goesOnAt === 'fixInProgress') return ['fixInProgress'];
  return to === 'fixInProgress' && goesOnAt !== 'fixInProgress' ? ['investigating'] : [];
}

/** A queue is no state: that nobody has it is read from the feed, too. */
export function placesOfFeed(events: readonly TicketEvent[]): Place[] {
  let now = { state: 'logged', hasAssignee: false };
  const went = events.map(({ data: { changes } }) => {
    const { state, assigneeId } = changes ?? {};
    now = {
      state: state?.to ?? now.state,
      hasAssignee: assigneeId === undefined ? now.hasAssignee : assigneeId.to !== null,
    };
    return placeOfProblem(now);
  });
  return withoutRepeats<Place>(['logged', ...went]);
}
