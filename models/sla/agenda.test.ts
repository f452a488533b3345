import { aFact, anAgreement, anIncident, later, tell } from '../../tests/factories';
import { taking } from '../../tests/clocks';
import { clockEntries, clockOfKey, isClockEntry, nextDeadline } from './agenda';
import { cancel, pass, pause, stop } from './clock';

const agreement = anAgreement();
const [response, resolution] = anIncident().clocks;
if (!response || !resolution) throw new Error('No clocks');

describe('the entries of clocks', () => {
  it('are the steps ahead of those that run, each with a sentence', () => {
    expect(clockEntries([response], agreement, null)).toEqual([
      {
        key: 'sla.response.75',
        at: later({ hours: 3 }),
        what: 'The response clock reaches 75 %: warning.',
      },
      { key: 'sla.response.100', at: later({ hours: 4 }), what: 'The response clock is breached.' },
      {
        key: 'sla.response.150',
        at: later({ hours: 6 }),
        what: 'The response clock reaches 150 %: escalation.',
      },
    ]);
  });

  it('are not those that were taken', () => {
    const warned = pass(response, taking('75', later({ hours: 3 })));
    expect(clockEntries([warned], agreement, null).map(({ key }) => key)).toEqual([
      'sla.response.100',
      'sla.response.150',
    ]);
  });

  it.each([
    ['paused', pause],
    ['stopped', stop],
    ['cancelled', cancel],
  ])('are none of a clock that is %s', (_, move) => {
    expect(clockEntries([move(response, later({ hours: 1 }))], agreement, null)).toEqual([]);
  });

  it('are told from other entries by their key', () => {
    expect(clockOfKey('sla.response.75')).toEqual({
      ...{ clockId: 'response', step: '75', time: 0 },
    });
    expect(clockOfKey('sla.nextResponse-2.page.3')).toEqual({
      ...{ clockId: 'nextResponse-2', step: 'page', time: 3 },
    });
    expect(isClockEntry('sla.response.75')).toBe(true);
    expect(isClockEntry('autoClose')).toBe(false);
    expect(() => clockOfKey('autoClose')).toThrow('No SLA entry');
  });
});

describe('the next deadline', () => {
  it('is the earliest of the clocks that run', () => {
    expect(nextDeadline({ clocks: [resolution, response] }, agreement)).toBe(later({ hours: 4 }));
    const answered = stop(response, later({ hours: 1 }));
    expect(nextDeadline({ clocks: [answered, resolution] }, agreement)).toBe(
      later({ days: 2, hours: 8 }),
    );
  });

  it('is none when nothing runs', () => {
    const { ticket } = tell(anIncident(), [aFact('cancel', { reason: 'Sent twice.' })]);
    expect(nextDeadline(ticket, agreement)).toBeNull();
    expect(nextDeadline({ clocks: [] }, agreement)).toBeNull();
  });
});
