import { later } from '../../tests/factories';
import { incident } from '../../workflows/incidents/process';
import { pathOf, type Turn } from './path';

const agent = { kind: 'person', id: 'a', name: 'Anna Agent' } as const;
const turn = (
  hours: number,
  change: [from: string, to: string] | null,
  ...events: string[]
): Turn => ({
  at: later({ hours }),
  change: change && { from: change[0], to: change[1] },
  events,
  actor: agent,
});

describe('the path of a ticket', () => {
  it('is the states in order, with what led there and how long it stayed', () => {
    const turns = [
      turn(0, null, 'opened'),
      turn(1, ['new', 'inProgress'], 'started'),
      turn(3, ['inProgress', 'resolved'], 'resolved'),
    ];
    expect(pathOf(incident, 'resolved', turns, later({ hours: 3, minutes: 1 }))).toEqual([
      {
        ...{ state: 'new', event: 'opened', actor: agent },
        ...{ at: later({ hours: 0 }), until: later({ hours: 1 }), stayedSeconds: 3_600 },
      },
      {
        ...{ state: 'inProgress', event: 'started', actor: agent },
        ...{ at: later({ hours: 1 }), until: later({ hours: 3 }), stayedSeconds: 7_200 },
      },
      {
        ...{ state: 'resolved', event: 'resolved', actor: agent },
        ...{ at: later({ hours: 3 }), until: null, stayedSeconds: 60 },
      },
    ]);
  });

  it('of a ticket to which nothing happened is where it is', () => {
    const [only] = pathOf(incident, 'new', [turn(0, null, 'opened')], later({ hours: 2 }));
    expect(only).toMatchObject({ state: 'new', until: null, stayedSeconds: 7_200 });
  });

  it('ends where the ticket ends: it does not stay there any longer every day', () => {
    const turns = [turn(0, null, 'opened'), turn(1, ['new', 'cancelled'], 'cancelled')];
    expect(pathOf(incident, 'cancelled', turns, later({ days: 9 }))[1]).toMatchObject({
      ...{ state: 'cancelled', until: null, stayedSeconds: null },
    });
  });

  it('calls a comment that reopens what a command would have called it', () => {
    const turns = [turn(1, ['resolved', 'inProgress'], 'commented', 'reopened')];
    expect(pathOf(incident, 'inProgress', turns, later({ hours: 1 }))[0]?.event).toBe('reopened');
    const strange = [turn(1, ['resolved', 'onHold'], 'commented', 'paused')];
    expect(pathOf(incident, 'onHold', strange, later({ hours: 1 }))[0]?.event).toBe('commented');
  });

  it('tells nobody of lines that are not theirs', () => {
    const turns = [turn(0, null, 'opened'), turn(1, ['new', 'assigned'])];
    expect(pathOf(incident, 'assigned', turns, later({ hours: 1 }))[1]).toMatchObject({
      ...{ state: 'assigned', event: null, actor: null },
    });
  });

  it('never stays for less than nothing where instants of the feed go back', () => {
    const turns = [turn(2, null, 'opened'), turn(1, ['new', 'assigned'], 'assigned')];
    expect(pathOf(incident, 'assigned', turns, later({ hours: 3 }))[0]?.stayedSeconds).toBe(0);
  });
});
