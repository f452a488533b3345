import { aClock, aRule, aTarget, only, terms } from '../../tests/clocks';
import { aPolicy, anAgreement, calendars, uuid } from '../../tests/factories';
import { calendarOf, inForce, ladderOf, newestCalendar, type PolicyVersion } from './agreement';
import { businessHours, roundTheClock } from './calendar';
import type { Clock, Version } from './clock/shape';
import { standardLadder } from './policy/ladder';

const agreement = anAgreement();
const newer = { id: calendars.business, version: 12, calendar: roundTheClock };
const both = anAgreement({ calendars: [newer, ...agreement.calendars] });
const clockOn = (calendar: Version): Clock => aClock({ terms: terms(4, { calendar }) });

describe('the calendar of a clock', () => {
  it('is the very version that it was started on', () => {
    const { id } = newer;
    expect(calendarOf(both, clockOn({ id, version: 1 }))).toEqual(businessHours('UTC'));
    expect(calendarOf(both, clockOn({ id, version: 12 }))).toBe(roundTheClock);
  });

  it('that was not loaded is a bug', () => {
    expect(() => calendarOf(agreement, clockOn({ id: uuid(99), version: 1 }))).toThrow(
      `Calendar ${uuid(99)} version 1 was not loaded`,
    );
  });

  it('of a clock that begins is the newest version', () => {
    expect(newestCalendar(both, newer.id)).toEqual({ id: newer.id, version: 12 });
    expect(() => newestCalendar(both, uuid(99))).toThrow('was not loaded');
  });
});

describe('the versions in force', () => {
  const [january, march, april] = ['2026-01-01', '2026-03-01', '2026-04-01'].map(
    (day) => `${day}T00:00:00.000Z`,
  ) as [string, string, string];
  const [first, second, forAll] = [
    aPolicy(),
    aPolicy({ version: 2, publishedAt: march }),
    aPolicy({ version: 3, publishedAt: april, appliesToOpen: true }),
  ];
  const versions = (all: readonly PolicyVersion[], openedAt: string, asOf: string) =>
    inForce(all, { openedAt, asOf }).map(({ version }) => version);
  const may = '2026-05-01T00:00:00.000Z';

  it('are the last of each policy that was published by the opening', () => {
    expect(versions([second, first], '2026-02-01T00:00:00.000Z', may)).toEqual([1]);
    expect(versions([first, second], '2026-03-10T00:00:00.000Z', may)).toEqual([2]);
  });

  it('count from the very instant of their publication', () => {
    expect(versions([first, second], march, march)).toEqual([2]);
  });

  it('that apply to open tickets count for older ones from their publication on', () => {
    const all = [first, second, forAll];
    expect(versions(all, '2026-02-01T00:00:00.000Z', '2026-03-31T00:00:00.000Z')).toEqual([1]);
    expect(versions(all, '2026-02-01T00:00:00.000Z', april)).toEqual([3]);
  });

  it('of a fact before the opening are those of the opening', () => {
    expect(versions([first, second], march, january)).toEqual([2]);
  });

  it('are none before the first publication', () => {
    expect(versions([first], '2025-12-31T00:00:00.000Z', may)).toEqual([]);
  });

  it('are asked by position, then by name, then by id', () => {
    const named = (n: number, name: string, position: number) =>
      aPolicy({ id: uuid(n), name, position });
    const all = [named(1, 'B', 1), named(2, 'C', 0), named(4, 'A', 1), named(3, 'A', 1)];
    expect(inForce(all, { openedAt: may, asOf: may }).map(({ id }) => id)).toEqual(
      [2, 3, 4, 1].map(uuid),
    );
  });
});

describe('the ladder of a clock', () => {
  const own = [{ key: 'page', at: { percent: 50 }, actions: [] }];
  const { policies } = only([
    aRule({ name: 'VIP', targets: [aTarget({ ladder: own })] }),
    aRule({ name: 'All' }),
  ]);
  const ladder = (rule: string | null, version = 1) =>
    ladderOf(
      anAgreement({ policies }),
      aClock({ terms: terms(4, { rule, policy: { id: uuid(51), version } }) }),
    );

  it('is that of the target in the rule by which it counts, else the standard one', () => {
    expect(ladder('VIP')).toBe(own);
    expect(ladder('All')).toBe(standardLadder);
    expect(ladder('Gone')).toBe(standardLadder);
  });

  it('of a clock that is older than rules is the standard one', () => {
    expect(ladder(null, 99)).toBe(standardLadder);
  });

  it('of a version that was not loaded is a bug', () => {
    expect(() => ladder('All', 2)).toThrow(`Policy ${uuid(51)} version 2 was not loaded`);
  });
});
