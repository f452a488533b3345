import { aRule, aTarget, at, only, opensUnder, ranks, resolves } from '../../tests/clocks';
import { anAgreement, incidentProcess, later, monday, type Told } from '../../tests/factories';
import { promisesFor } from '../sla/policy/promise';
import { allHappened } from '../sla/clock/events';
import { promiseeOf } from './clocks';
import { bareGround } from './subject';
import { inRetrospect, recounted, timelineOf, type Timeline } from './timeline';

const hold = at(1, 'hold', { reason: 'customer' });
const story = [hold, at(3, 'resume'), ranks(4, 'P1'), resolves(6)];
const begun = opensUnder(only([aRule()]));
const ground = bareGround;
/** The feed of a ticket since it was opened: as a line of its own, for it was opened elsewhere. */
function timeline({ ticket, happenings }: Told): Timeline {
  const opening = { at: monday, data: {} };
  const lines = happenings.flatMap(({ events }) => events);
  return timelineOf(incidentProcess, ticket, [opening, ...lines]);
}

describe('how a ticket stood over its life', () => {
  const told = begun.tell(...story);

  it('is told by its feed: a moment for each fact that changed it, the first is the opening', () => {
    const { moments, openedAt } = timeline(told);
    expect(openedAt).toBe(monday);
    expect(moments.map(({ at: when, watched }) => [when, watched.state, watched.priority])).toEqual(
      [
        [monday, 'new', 'P3'],
        [later({ hours: 1 }), 'onHold', 'P3'],
        [later({ hours: 3 }), 'assigned', 'P3'],
        [later({ hours: 4 }), 'assigned', 'P1'],
        [later({ hours: 6 }), 'resolved', 'P1'],
      ],
    );
  });

  it('has what only its process has, too', () => {
    const reasons = timeline(told).moments.map(({ watched }) => watched['holdReason']);
    expect(reasons).toEqual([null, 'customer', null, null, null]);
  });

  it('has no moment for a fact that meant nothing to it', () => {
    expect(timeline(begun.tell(at(1, 'acknowledge'))).moments).toHaveLength(1);
  });

  it('makes the same clocks when policies are asked again', () => {
    const { agreement } = begun.context;
    expect(
      recounted(incidentProcess, timeline(told), { agreement, groundOf: () => ground }),
    ).toEqual(told.ticket.clocks);
  });

  it('makes other clocks by other policies', () => {
    const rules = [aRule({ when: 'priority==P1', targets: [aTarget({ id: 'fast' })] })];
    const agreement = anAgreement(only(rules));
    expect(
      recounted(incidentProcess, timeline(told), { agreement, groundOf: () => ground }),
    ).toMatchObject([...[{ id: 'fast', startedAt: monday, termsSince: later({ hours: 4 }) }]]);
  });
});

describe('a promise in retrospect', () => {
  it('has the pauses and the stop that it would have had from the opening on', () => {
    const told = begun.tell(...story);
    const past = timeline(told);
    const last = past.moments.at(-1);
    const promisee =
      last && promiseeOf(incidentProcess, { ...past, watched: last.watched }, ground);
    const [promised] = promisee ? promisesFor(begun.context.agreement, monday, promisee) : [];
    if (!promised) throw new Error('Nothing was promised');
    const events = inRetrospect(incidentProcess, past, { promised, ground });
    expect(events.map(({ did }) => did)).toEqual(['started', 'paused', 'resumed', 'stopped']);
    expect(allHappened([], events)).toEqual(told.ticket.clocks);
  });
});
