import { roundTheClock, type Calendar } from '../calendar';
import { segmentsOf } from './reasons';

const nine = [['09:00', '17:00']] as const;
const hours: Calendar = {
  timezone: 'Europe/Berlin',
  weekly: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: [['22:00', '06:00']] },
  holidays: ['2026-12-25'],
  yearlyHolidays: ['12-26'],
  overrides: { '2026-12-24': [['09:00', '12:00']] },
  breaks: { '2026-12-23': [['12:00', '12:30']] },
  closures: [['2026-12-23T14:00:00Z', '2026-12-23T20:00:00Z']],
};

/** Each segment as `23 09:00-12:00 weekly +`, in UTC; `+` is worked. */
function told(calendar: Calendar, from: string, to: string, most = 100): string[] {
  const at = (text: string) => `2026-${text}:00.000Z`;
  return segmentsOf(calendar, at(from), at(to), most).map((one) => {
    const [begin, end] = [one.from, one.to].map((text) => text.slice(11, 16));
    return `${one.day.slice(8)} ${begin}-${end} ${one.rule}${one.isWorked ? ' +' : ''}`;
  });
}

describe('the segments of a calendar', () => {
  it('say which rule decided: hours, breaks, closures', () => {
    expect(told(hours, '12-23T00:00', '12-23T23:00')).toEqual([
      '23 00:00-08:00 closed',
      '23 08:00-11:00 weekly +',
      '23 11:00-11:30 break',
      '23 11:30-14:00 weekly +',
      '23 14:00-16:00 closure',
      // Nobody would have worked at that time, closure or not.
      '23 16:00-23:00 closed',
    ]);
  });

  it('say which rule decided: overrides and holidays', () => {
    expect(told(hours, '12-23T23:00', '12-26T23:00')).toEqual([
      '24 23:00-08:00 override',
      '24 08:00-11:00 override +',
      '24 11:00-23:00 override',
      '25 23:00-23:00 holiday',
      // The night shift would open on it.
      '26 23:00-23:00 yearlyHoliday',
    ]);
  });

  it('count what is worked past midnight to the day on which it opened', () => {
    const night = ['12 21:00-05:00 weekly +', '13 05:00-12:00 closed'];
    expect(told(hours, '12-12T20:00', '12-13T12:00')).toEqual(['12 20:00-21:00 closed', ...night]);
  });

  it('are those of local days, also of 23 and 25 hours', () => {
    const berlin = { ...roundTheClock, timezone: 'Europe/Berlin' };
    expect(told(berlin, '03-28T12:00', '03-30T12:00')).toEqual([
      '28 12:00-23:00 weekly +',
      '29 23:00-22:00 weekly +',
      '30 22:00-12:00 weekly +',
    ]);
    expect(told(berlin, '10-24T22:00', '10-25T23:00')).toEqual(['25 22:00-23:00 weekly +']);
  });

  it('have none for the date that a zone skipped', () => {
    const apia = { ...roundTheClock, timezone: 'Pacific/Apia' };
    const [from, to] = ['2011-12-29T12:00:00.000Z', '2011-12-31T12:00:00.000Z'];
    const days = segmentsOf(apia, from, to, 10).map(({ day }) => day);
    expect(days).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('are no more than were asked for, and none for no time', () => {
    expect(told(hours, '12-01T00:00', '12-31T00:00', 3)).toHaveLength(3);
    expect(told(hours, '12-01T00:00', '12-01T00:00')).toEqual([]);
    expect(told(hours, '12-02T00:00', '12-01T00:00')).toEqual([]);
  });
});
