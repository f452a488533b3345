import { agreeing, elapsedBy, fit, guessed, taught } from './fit';
import { anIncident, closedAfter } from './fixtures/marked-incident';
import { always, type Reading } from './reading';

const reading: Reading = { hours: always, waits: [], until: 'closed_at' };
const met = (hours: number) => closedAfter(hours);
const missed = (hours: number) => closedAfter(hours, { isMet: false });
const log = [met(10), met(20), missed(30), missed(50), closedAfter(1, { priority: 'P2' })];

describe('the targets that agree best', () => {
  const hour = 3600;

  it('lie between the longest met and the shortest missed, by priority', () => {
    const brackets = fit(log, elapsedBy(reading));
    expect(brackets.get('P3')).toEqual({
      ...{ over: 20 * hour, upTo: 30 * hour },
      ...{ agreeing: 4, incidents: 4 },
    });
  });

  it('have no upper end where nothing was missed, and no lower one where nothing was met', () => {
    const brackets = fit(
      [...log, closedAfter(7, { priority: 'P4', isMet: false })],
      elapsedBy(reading),
    );
    expect(brackets.get('P2')).toMatchObject({ over: hour, upTo: Infinity });
    expect(brackets.get('P4')).toMatchObject({ over: 0, upTo: 7 * hour });
  });

  it('leave out the fewest when nothing suits all', () => {
    const brackets = fit([...log, missed(5)], elapsedBy(reading));
    expect(brackets.get('P3')).toMatchObject({ over: 20 * hour, agreeing: 4, incidents: 5 });
  });

  it('are not found from an incident without the instant', () => {
    expect(fit([...log, anIncident({ isMet: false })], elapsedBy(reading))).toEqual(
      fit(log, elapsedBy(reading)),
    );
  });
});

describe('a judge', () => {
  it('keeps to the middle of what it was taught, the target itself being missed', () => {
    const judge = taught(log, reading);
    expect([24, 25].map((hours) => judge(met(hours)))).toEqual([true, false]);
  });

  it('lets pass what it was taught nothing about, and does not judge without the instant', () => {
    const judge = taught(log, reading);
    expect(judge(closedAfter(500, { priority: 'P1' }))).toBe(true);
    expect(judge(anIncident({}))).toBeNull();
  });

  it('can do without a clock', () => {
    const judge = guessed([missed(1), missed(2), met(3)], () => 0);
    expect(judge(met(1))).toBe(false);
  });

  it('agrees with so many marks', () => {
    expect(agreeing([...log, anIncident({})], taught(log, reading))).toBe(5);
  });
});
