import { aTurn, anIncident, closedAfter } from './fixtures/marked-incident';
import { defaultsOfHoldfast, outcomeOf, type Ending, type Targets } from './life';
import { always, business, type Hours } from './reading';

const within =
  (hours: number, on: Hours = always): Targets =>
  () => ({ seconds: hours * 3600, hours: on });
const resolved: Ending = { waits: ['hold:customer'], until: 'Resolved rows' };
const hoursOf = (...given: Parameters<typeof outcomeOf>) =>
  (outcomeOf(...given)?.elapsedSeconds ?? NaN) / 3600;

const waiting = anIncident({
  turns: [
    aTurn('02-29T11:00', 'active'),
    aTurn('02-29T12:00', 'hold:customer'),
    aTurn('03-01T12:00', 'active'),
    aTurn('03-01T14:00', 'resolved'),
    aTurn('03-06T14:00', 'closed'),
  ],
});

describe('the clock of an incident of the log', () => {
  it('runs from opened_at to the row that resolves it, without the wait', () => {
    expect(hoursOf(waiting, within(5), resolved)).toBe(4);
    expect(hoursOf(waiting, within(5), { ...resolved, waits: [] })).toBe(28);
  });

  it('counts the hours of the target', () => {
    expect(hoursOf(waiting, within(5, business), { ...resolved, waits: [] })).toBe(12);
  });

  it('goes on when it is reopened, without the time in between', () => {
    const again = [aTurn('03-02T14:00', 'active'), aTurn('03-02T15:30', 'resolved')];
    const reopened = { ...waiting, turns: [...waiting.turns.slice(0, 4), ...again] };
    expect(hoursOf(reopened, within(5), resolved)).toBe(5.5);
  });

  it('is judged by the last priority before it stops', () => {
    const turns = [aTurn('02-29T11:00', 'active', { priority: 'P2' }), ...waiting.turns];
    const targets: Targets = (priority) => within(priority === 'P2' ? 1 : 5)(priority);
    expect(outcomeOf({ ...waiting, turns }, targets, resolved)?.breached).toBe(false);
  });

  it.each(['first Closed row', 'closed_at', 'resolved_at'] as const)('ends with %s', (until) => {
    const outcome = outcomeOf(closedAfter(30), within(30), { waits: [], until });
    expect(outcome).toMatchObject({ elapsedSeconds: 30 * 3600, breached: true });
  });

  it('has no outcome where the log lacks the instant', () => {
    expect(outcomeOf(waiting, within(5), { ...resolved, until: 'resolved_at' })).toBeNull();
  });
});

it('knows what Holdfast promises by itself', () => {
  expect(defaultsOfHoldfast('P1')).toEqual({ seconds: 4 * 3600, hours: always });
  expect(defaultsOfHoldfast('P3')).toEqual({ seconds: 24 * 3600, hours: business });
});
