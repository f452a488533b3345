import type { Place } from '../place';
import { placesOfFeed, wayThrough } from './sequence';

describe('the way of a problem through the places of a log', () => {
  it.each<[string, Place[], Place[]]>([
    ['that says nothing', [], ['logged']],
    [
      'an ordinary life',
      ['logged', 'investigating', 'resolved', 'closed'],
      ['logged', 'investigating', 'resolved', 'closed'],
    ],
    [
      'a problem closed at once',
      ['investigating', 'closed'],
      ['logged', 'investigating', 'resolved', 'closed'],
    ],
    [
      'a fix before anybody looked',
      ['fixInProgress'],
      ['logged', 'investigating', 'fixInProgress'],
    ],
    [
      'a queue behind a fix',
      ['fixInProgress', 'queued', 'investigating'],
      ['logged', 'investigating', 'fixInProgress', 'queued', 'fixInProgress', 'investigating'],
    ],
    [
      'a queue behind a look',
      ['investigating', 'queued', 'investigating'],
      ['logged', 'investigating', 'queued', 'investigating'],
    ],
    [
      'a fix after it came again',
      ['fixInProgress', 'resolved', 'fixInProgress'],
      ['logged', 'investigating', 'fixInProgress', 'resolved', 'investigating', 'fixInProgress'],
    ],
  ])('of %s', (_, told, way) => {
    expect(wayThrough(told)).toEqual(way);
  });
});

describe("the places of a problem's feed", () => {
  it('are queues where nobody has what was begun', () => {
    const events = [
      { type: 'opened', data: {} },
      { type: 'assigned', data: { changes: { assigneeId: { to: 'a' } } } },
      { type: 'investigationStarted', data: { changes: { state: { to: 'investigating' } } } },
      { type: 'assigned', data: { changes: { assigneeId: { to: null } } } },
      { type: 'assigned', data: { changes: { assigneeId: { to: 'b' } } } },
      { type: 'commented', data: {} },
      { type: 'resolved', data: { changes: { state: { to: 'resolved' } } } },
    ];
    expect(placesOfFeed(events)).toEqual([
      ...['logged', 'investigating', 'queued', 'investigating', 'resolved'],
    ]);
  });
});
