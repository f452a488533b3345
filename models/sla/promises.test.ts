import { aContext, aFact, anIncident, later, monday, people } from '../../tests/factories';
import { next } from '../tickets/next';
import type { AgendaEntry } from '../tickets/ticket';
import { pass, stop } from './clock';
import { holderOf, passThreshold, retargetPromises, startPromises, withdrawals } from './promises';

const bare = (priority: 'P1' | 'P3' | null) => anIncident({ priority, clocks: [] });
const [response, resolution] = anIncident().clocks;
if (!response || !resolution) throw new Error('No clocks');

describe('promises begin', () => {
  it('as one clock each for response and resolution', () => {
    const { ticket } = startPromises(next(bare('P1')), aContext(), monday);
    expect(ticket.clocks).toMatchObject([
      { id: 'response', metric: 'firstResponse', kind: 'SLA', terms: { targetSeconds: 900 } },
      { id: 'resolution', metric: 'resolution', kind: 'SLA', terms: { targetSeconds: 14_400 } },
    ]);
  });

  it('not without a priority', () => {
    expect(startPromises(next(bare(null)), aContext(), monday).ticket.clocks).toEqual([]);
  });
});

describe('promises are retargeted', () => {
  const retargeted = (fields: Parameters<typeof anIncident>[0]) =>
    retargetPromises(next(anIncident(fields)), aContext());

  it('with an event for each clock that moved', () => {
    const said = retargeted({ priority: 'P1' });
    expect(said.events.map(({ type, data }) => [type, data['clock']])).toEqual([
      ['slaRetargeted', 'response'],
      ['slaRetargeted', 'resolution'],
    ]);
    expect(said.events[1]).toMatchObject({
      visibility: 'internal',
      data: {
        from: { targetSeconds: 86_400, dueAt: later({ days: 2, hours: 8 }) },
        to: { targetSeconds: 14_400, dueAt: later({ hours: 4 }) },
      },
    });
  });

  it('without an event when nothing moves', () => {
    expect(retargeted({}).events).toEqual([]);
    expect(retargeted({ priority: null }).events).toEqual([]);
  });

  it('but not when they were judged', () => {
    const judged = [stop(response, later({ hours: 1 }))];
    expect(retargeted({ priority: 'P1', clocks: judged }).ticket.clocks).toEqual(judged);
  });
});

describe('a threshold', () => {
  const at = later({ hours: 4 });
  const entry = (key: string): AgendaEntry => ({ key, at, n: 1, what: '' });
  const passed = (key: string, clocks = [response]) =>
    passThreshold(anIncident({ clocks }), aFact(key, entry(key)));

  it('of another percentage is told by where it lies', () => {
    const types = [80, 100, 200].map(
      (percent) => passed(`sla.response.${percent}`).events[0]?.type,
    );
    expect(types).toEqual(['slaWarned', 'slaBreached', 'slaEscalated']);
  });

  it('says which clock, how much of it and when', () => {
    expect(passed('sla.response.100').events[0]?.data).toEqual({
      clock: 'response',
      percent: 100,
      at,
    });
  });

  it.each([
    ['was passed before', 'sla.response.100', [pass(response, 100, at)]],
    ['belongs to a clock that stopped before it', 'sla.response.100', [stop(response, monday)]],
    ['belongs to a clock that is not there', 'sla.review.100', [response]],
  ])('says nothing when it %s', (_, key, clocks) => {
    const said = passed(key, clocks);
    expect(said.events).toEqual([]);
    expect(said.owed.notices).toEqual([]);
  });
});

describe('the holder', () => {
  it('is the assignee, else the team, else the managers', () => {
    const teamId = 'team';
    expect(holderOf({ assigneeId: people.agent.id, teamId })).toBe('assignee');
    expect(holderOf({ assigneeId: null, teamId })).toBe('team');
    expect(holderOf({ assigneeId: null, teamId: null })).toBe('managers');
  });
});

describe('withdrawals', () => {
  const breached = pass(resolution, 100, later({ hours: 9 }));

  it('are the breaches that a late fact took back', () => {
    const stopped = stop(breached, later({ hours: 8 }));
    expect(withdrawals([breached], [stopped])).toEqual([
      {
        type: 'slaBreachWithdrawn',
        data: { clock: 'resolution', breachedAt: later({ hours: 9 }) },
        visibility: 'internal',
      },
    ]);
  });

  it('are none when the clock is new, the same, or stopped after the breach', () => {
    expect(withdrawals([], [breached])).toEqual([]);
    expect(withdrawals([breached], [breached])).toEqual([]);
    expect(withdrawals([breached], [stop(breached, later({ hours: 10 }))])).toEqual([]);
  });
});
