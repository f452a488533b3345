import { anAgreement, calendars, uuid } from '../../tests/factories';
import { calendarOf, termsFor } from './agreement';
import { businessHours, roundTheClock } from './calendar';
import { startClock, type Clock, type Terms } from './clock';

const agreement = anAgreement();
const terms = (): Terms => {
  const found = termsFor(agreement, 'resolution', 'P3');
  if (!found) throw new Error('No terms');
  return found;
};
const clockOn = (calendar: Terms['calendar']): Clock =>
  startClock({
    id: 'resolution',
    metric: 'resolution',
    kind: 'SLA',
    terms: { ...terms(), calendar },
    at: '2026-03-02T09:00:00.000Z',
  });

describe('the terms of a promise', () => {
  it('name the versions of policy and calendar', () => {
    expect(terms()).toEqual({
      policy: { id: uuid(51), version: 1 },
      calendar: { id: calendars.business, version: 1 },
      targetSeconds: 86_400,
      warnPercent: 75,
      escalatePercent: 150,
    });
  });

  it('are counted on the newest version of the calendar', () => {
    const newer = { id: calendars.business, version: 12, calendar: roundTheClock };
    const both = anAgreement({ calendars: [newer, ...agreement.calendars] });
    expect(termsFor(both, 'resolution', 'P3')?.calendar.version).toBe(12);
  });

  it('are none where nothing is promised', () => {
    expect(termsFor(anAgreement({ policy: undefined }), 'resolution', 'P3')).toBeUndefined();
    expect(termsFor(agreement, 'nextResponse', 'P3')).toBeUndefined();
  });

  it('without their calendar are a bug', () => {
    expect(() => termsFor(anAgreement({ calendars: [] }), 'resolution', 'P3')).toThrow(
      'was not loaded',
    );
  });
});

describe('the calendar of a clock', () => {
  it('is the very version that it was started on', () => {
    const newer = { id: calendars.business, version: 2, calendar: roundTheClock };
    const both = anAgreement({ calendars: [newer, ...agreement.calendars] });
    expect(calendarOf(both, clockOn({ id: calendars.business, version: 1 }))).toEqual(
      businessHours('UTC'),
    );
    expect(calendarOf(both, clockOn({ id: calendars.business, version: 2 }))).toBe(roundTheClock);
  });

  it('that was not loaded is a bug', () => {
    expect(() => calendarOf(agreement, clockOn({ id: uuid(99), version: 1 }))).toThrow(
      `Calendar ${uuid(99)} version 1 was not loaded`,
    );
  });
});
