import type { Place } from './place';
import { likeness, placesOfFeed, stopsOf, wayThrough } from './sequence';

describe('the way through the places of a log', () => {
  it.each<[string, Place[], Place[]]>([
    [
      'an ordinary life',
      ['new', 'active', 'resolved', 'closed'],
      ['new', 'active', 'resolved', 'closed'],
    ],
    ['a log that begins late', ['active', 'closed'], ['new', 'active', 'resolved', 'closed']],
    [
      'a hold before anybody started',
      ['new', 'hold:customer', 'active'],
      ['new', 'hold:customer', 'new', 'active'],
    ],
    [
      'a hold after somebody started',
      ['new', 'active', 'hold:vendor', 'active'],
      ['new', 'active', 'hold:vendor', 'active'],
    ],
    [
      'a hold out of resolved',
      ['new', 'resolved', 'hold:problem'],
      ['new', 'resolved', 'active', 'hold:problem'],
    ],
    ['a ticket closed at once', ['new', 'closed'], ['new', 'resolved', 'closed']],
  ])('of %s', (_, told, way) => {
    expect(wayThrough(told)).toEqual(way);
  });
});

describe('the places of a feed', () => {
  it('follow the state and the reason of a hold, and leave out what changes neither', () => {
    const events = [
      { type: 'opened', data: {} },
      { type: 'assigned', data: { changes: { state: { to: 'assigned' } } } },
      { type: 'held', data: { reason: 'customer', changes: { state: { to: 'onHold' } } } },
      { type: 'held', data: { reason: 'problem' } },
      { type: 'prioritized', data: { reason: 'The log says P1.', changes: {} } },
      { type: 'resolved', data: { changes: { state: { to: 'resolved' } } } },
    ];
    expect(placesOfFeed(events)).toEqual(['new', 'hold:customer', 'hold:problem', 'resolved']);
  });
});

describe('likeness', () => {
  it.each<[string, Place[], Place[]]>([
    ['equal', ['new', 'resolved'], ['new', 'resolved']],
    ['equalAfterBirth', ['active', 'resolved'], ['new', 'active', 'resolved']],
    ['bridged', ['new', 'closed'], ['new', 'resolved', 'closed']],
    ['different', ['new', 'closed'], ['new', 'active', 'resolved', 'closed']],
    ['different', ['new', 'closed'], []],
    ['different', ['new', 'resolved', 'closed'], ['new', 'resolved']],
  ])('is %s of %j and %j', (verdict, told, went) => {
    expect(likeness(told, told, went, wayThrough)).toBe(verdict);
  });
});

describe('stops of a way', () => {
  it.each<[Place[], string[]]>([
    [['new', 'active', 'resolved'], []],
    [
      ['active', 'closed'],
      ['(begins) → new → active', 'active → resolved → closed'],
    ],
    [['new', 'hold:vendor', 'active'], ['hold:vendor → new → active']],
  ])('through %j are %j', (told, stops) => {
    expect(stopsOf(told, wayThrough(told))).toEqual(stops);
  });
});
