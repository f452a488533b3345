import {
  addWorkingTime,
  businessHours,
  intervals,
  isOpen,
  nextClose,
  nextOpen,
  nextStart,
  prevClose,
  roundTheClock,
  workingSecondsBetween,
  type Calendar,
  type Span,
  type Weekday,
} from './calendar';

const hour = 3600;
const office = businessHours('UTC');

/** An instant from `2026-01-02 15:00` in UTC; 2 January 2026 is a Friday. */
function utc(text: string): string {
  return new Date(`${text.replace(' ', 'T')}Z`).toISOString();
}

function daily(timezone: string, ...spans: Span[]): Calendar {
  const days: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  return { timezone, weekly: Object.fromEntries(days.map((day) => [day, spans])) };
}

function hoursOn(calendar: Calendar, from: string, to: string): number {
  return workingSecondsBetween(calendar, utc(from), utc(to)) / hour;
}

describe('adding working time', () => {
  it.each([
    ['within a day', '2026-01-02 10:00', 2, '2026-01-02 12:00'],
    ['up to the closing itself', '2026-01-02 15:00', 2, '2026-01-02 17:00'],
    ['over a weekend', '2026-01-02 16:00', 2, '2026-01-05 10:00'],
    ['from a closed instant', '2026-01-03 12:00', 1, '2026-01-05 10:00'],
    ['from before an opening', '2026-01-02 03:00', 8, '2026-01-02 17:00'],
    ['over many weeks', '2026-01-02 09:00', 8 * 21, '2026-01-30 17:00'],
  ])('goes on %s', (_case, from, hours, due) => {
    expect(addWorkingTime(office, utc(from), hours * hour)).toBe(utc(due));
  });

  it('goes back for a negative amount', () => {
    expect(addWorkingTime(office, utc('2026-01-05 10:00'), -2 * hour)).toBe(
      utc('2026-01-02 16:00'),
    );
    expect(addWorkingTime(office, utc('2026-01-05 10:00'), -hour)).toBe(utc('2026-01-05 09:00'));
    expect(addWorkingTime(office, utc('2026-01-04 12:00'), -hour)).toBe(utc('2026-01-02 16:00'));
  });

  it('gives the same instant for no time, even when closed', () => {
    expect(addWorkingTime(office, utc('2026-01-03 12:00'), 0)).toBe(utc('2026-01-03 12:00'));
  });

  it('counts to the millisecond', () => {
    expect(addWorkingTime(office, utc('2026-01-02 16:59:59.250'), 1.5)).toBe(
      utc('2026-01-05 09:00:00.750'),
    );
  });

  it('is plain addition round the clock', () => {
    expect(addWorkingTime(roundTheClock, utc('2026-01-02 16:00'), 100 * hour)).toBe(
      utc('2026-01-06 20:00'),
    );
    expect(addWorkingTime(roundTheClock, utc('2026-01-02 16:00'), -hour)).toBe(
      utc('2026-01-02 15:00'),
    );
  });

  it('is refused beyond a hundred years', () => {
    const century = 366 * 24 * hour * 100;
    expect(() => addWorkingTime(office, utc('2026-01-02 16:00'), century)).toThrow(/hundred years/);
    expect(() => addWorkingTime(office, utc('2026-01-02 16:00'), -century)).toThrow(
      /hundred years/,
    );
  });
});

describe('working time between two instants', () => {
  it.each([
    ['2026-01-02 16:00', '2026-01-05 10:00', 2],
    ['2026-01-03 00:00', '2026-01-05 00:00', 0],
    ['2026-01-05 10:00', '2026-01-02 16:00', -2],
    ['2026-01-02 12:00', '2026-01-02 12:00', 0],
    ['2026-01-01 00:00', '2027-01-01 00:00', 261 * 8],
  ])('from %s to %s is %p h', (from, to, hours) => {
    expect(hoursOn(office, from, to)).toBe(hours);
  });

  it('counts to the millisecond', () => {
    const to = utc('2026-01-05 09:00:00.750');
    expect(workingSecondsBetween(office, utc('2026-01-02 16:59:59.250'), to)).toBe(1.5);
  });

  it('is never minus zero', () => {
    expect(hoursOn(office, '2026-01-04 12:00', '2026-01-03 12:00')).toBe(0);
  });

  it('is refused over more than a hundred years, unless round the clock', () => {
    const [from, to] = [utc('1900-01-01 00:00'), utc('2026-01-01 00:00')];
    expect(() => workingSecondsBetween(office, from, to)).toThrow(/hundred years/);
    expect(workingSecondsBetween(roundTheClock, from, to)).toBe(46_021 * 24 * hour);
  });
});

describe('the hours of a day', () => {
  it('may be several spans, in any order, and overlapping ones count once', () => {
    const split = daily('UTC', ['13:00', '17:00'], ['09:00', '12:00'], ['11:00', '12:30']);
    expect(hoursOn(split, '2026-01-02 00:00', '2026-01-03 00:00')).toBe(7.5);
    expect(nextClose(split, utc('2026-01-02 09:00'))).toBe(utc('2026-01-02 12:30'));
  });

  it('may last until 24:00 and then join the next day', () => {
    const all = daily('UTC', ['00:00', '24:00']);
    expect(
      hoursOn({ ...all, holidays: ['2026-01-05'] }, '2026-01-01 00:00', '2026-01-08 00:00'),
    ).toBe(6 * 24);
    expect(nextClose({ ...all, holidays: ['2027-01-05'] }, utc('2026-01-01 00:00'))).toBe(
      utc('2027-01-05 00:00'),
    );
  });

  it.each(['Pacific/Kiritimati', 'Pacific/Niue'])(
    'leave nothing out at either end of the world: %s',
    (zone) => {
      const all = { ...daily(zone, ['00:00', '24:00']), holidays: ['1999-01-01'] };
      expect(hoursOn(all, '2026-01-01 00:00', '2026-04-01 00:00')).toBe(90 * 24);
    },
  );

  it('may end in UTC two days after the date on which they open', () => {
    const late: Calendar = { timezone: 'Pacific/Niue', weekly: { tue: [['23:00', '23:00']] } };
    expect(hoursOn(late, '2026-01-01 12:00', '2026-02-26 12:00')).toBe(8 * 24);
  });

  it('run past midnight when they close at or before their opening', () => {
    const night: Calendar = { timezone: 'UTC', weekly: { fri: [['22:00', '06:00']] } };
    expect(intervals(night, utc('2026-01-01 00:00'), 1)).toEqual([
      [utc('2026-01-02 22:00'), utc('2026-01-03 06:00')],
    ]);
    const day: Calendar = { timezone: 'UTC', weekly: { fri: [['08:00', '08:00']] } };
    expect(hoursOn(day, '2026-01-01 00:00', '2026-01-08 00:00')).toBe(24);
  });

  it('are those of the zone', () => {
    expect(nextOpen(businessHours('Asia/Tokyo'), utc('2026-01-05 12:00'))).toBe(
      utc('2026-01-06 00:00'),
    );
  });
});

describe('an exception from the weekly hours', () => {
  const noon = '2026-12-25 12:00';

  it('closes a holiday, of one year or of every year', () => {
    expect(isOpen({ ...office, holidays: ['2026-12-25'] }, utc(noon))).toBe(false);
    expect(isOpen({ ...office, yearlyHolidays: ['12-25'] }, utc(noon))).toBe(false);
    expect(isOpen({ ...office, holidays: ['2025-12-25'] }, utc(noon))).toBe(true);
  });

  it('closes 29 February in leap years only', () => {
    const leap = { ...daily('UTC', ['09:00', '17:00']), yearlyHolidays: ['02-29'] };
    expect(hoursOn(leap, '2028-02-28 00:00', '2028-03-02 00:00')).toBe(16);
    expect(hoursOn(leap, '2027-02-28 00:00', '2027-03-02 00:00')).toBe(16);
  });

  it('lets an override replace the hours of its date and win over a holiday', () => {
    const eve = {
      ...office,
      holidays: ['2026-12-25'],
      overrides: { '2026-12-25': [['10:00', '11:00'] as const], '2026-12-28': [] },
    };
    expect(intervals(eve, utc('2026-12-24 17:00'), 2)).toEqual([
      [utc('2026-12-25 10:00'), utc('2026-12-25 11:00')],
      [utc('2026-12-29 09:00'), utc('2026-12-29 17:00')],
    ]);
  });

  it('takes a break out of the hours, also out of those of the day before', () => {
    const breaks = { '2026-01-03': [['01:00', '01:30'] as const] };
    const night: Calendar = { timezone: 'UTC', weekly: { fri: [['22:00', '06:00']] }, breaks };
    expect(hoursOn(night, '2026-01-02 00:00', '2026-01-04 00:00')).toBe(7.5);
  });

  it('takes a closure out, wherever it begins and ends', () => {
    const closures = [['2026-01-02T16:00:00Z', '2026-01-05T11:00:00+01:00'] as const];
    expect(addWorkingTime({ ...office, closures }, utc('2026-01-02 15:00'), 2 * hour)).toBe(
      utc('2026-01-05 11:00'),
    );
  });

  it('removes the whole night shift that opens on a holiday, but not the end of the one before', () => {
    const night = { ...daily('UTC', ['22:00', '06:00']), holidays: ['2026-01-02'] };
    expect(intervals(night, utc('2026-01-01 12:00'), 2)).toEqual([
      [utc('2026-01-01 22:00'), utc('2026-01-02 06:00')],
      [utc('2026-01-03 22:00'), utc('2026-01-04 06:00')],
    ]);
  });
});

describe('a day on which the zone changes its offset', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28 23:00', '2026-03-29 22:00', 23],
    ['Europe/Berlin', '2026-10-24 22:00', '2026-10-25 23:00', 25],
    ['America/New_York', '2026-03-08 05:00', '2026-03-09 04:00', 23],
    ['America/New_York', '2026-11-01 04:00', '2026-11-02 05:00', 25],
    ['Australia/Lord_Howe', '2026-10-03 13:30', '2026-10-04 13:00', 23.5],
    ['Australia/Lord_Howe', '2026-04-04 13:00', '2026-04-05 13:30', 24.5],
  ])('has its real length in %s from %s', (timezone, from, to, hours) => {
    const sundays: Calendar = { timezone, weekly: { sun: [['00:00', '24:00']] } };
    expect(intervals(sundays, utc(from), 1)).toEqual([[utc(from), utc(to)]]);
    expect(hoursOn(sundays, from, to)).toBe(hours);
  });

  it.each([
    ['an opening', ['02:30', '05:00'] as const, 2],
    ['a closing', ['01:00', '02:30'] as const, 1],
    ['all of a span', ['02:00', '03:00'] as const, 0],
  ])('moves %s in the gap to its end', (_case, span, hours) => {
    const sundays: Calendar = { timezone: 'Europe/Berlin', weekly: { sun: [span] } };
    expect(hoursOn(sundays, '2026-03-28 00:00', '2026-03-30 00:00')).toBe(hours);
  });

  it('leaves out a day that the zone skipped', () => {
    const apia = businessHours('Pacific/Apia');
    expect(intervals(apia, utc('2011-12-29 12:00'), 2)).toEqual([
      [utc('2011-12-29 19:00'), utc('2011-12-30 03:00')],
      [utc('2012-01-01 19:00'), utc('2012-01-02 03:00')],
    ]);
    const always = daily('Pacific/Apia', ['00:00', '24:00']);
    const [from, to] = ['2011-12-29 10:00', '2012-01-01 10:00'];
    expect(hoursOn({ ...always, holidays: ['2011-12-30'] }, from, to)).toBe(72);
  });
});

describe('looking for an opening or a closing', () => {
  const friday = { opens: utc('2026-01-02 09:00'), closes: utc('2026-01-02 17:00') };
  const monday = { opens: utc('2026-01-05 09:00'), closes: utc('2026-01-05 17:00') };
  const noon = utc('2026-01-02 12:00');
  const saturday = utc('2026-01-03 09:00');

  it.each([
    {
      when: 'at the opening',
      at: friday.opens,
      open: friday.opens,
      close: friday.closes,
      last: friday.opens,
    },
    {
      when: 'at the closing',
      at: friday.closes,
      open: monday.opens,
      close: monday.closes,
      last: friday.closes,
    },
    {
      when: 'when closed',
      at: saturday,
      open: monday.opens,
      close: monday.closes,
      last: friday.closes,
    },
    { when: 'when open', at: noon, open: noon, close: friday.closes, last: noon },
  ])('$when', ({ at, open, close, last }) => {
    expect(isOpen(office, at)).toBe(open === at);
    expect(nextOpen(office, at)).toBe(open);
    expect(nextStart(office, at)).toBe(monday.opens);
    expect(nextClose(office, at)).toBe(close);
    expect(prevClose(office, at)).toBe(last);
  });

  it('cuts the first interval at the instant when that is open', () => {
    expect(intervals(office, noon, 2)).toEqual([
      [noon, friday.closes],
      [monday.opens, monday.closes],
    ]);
    expect(intervals(office, noon, 0)).toEqual([]);
  });

  it.each([
    ['round the clock', roundTheClock],
    ['that is round the clock by its night shifts', daily('UTC', ['08:00', '08:00'])],
  ])('finds neither on a calendar %s', (_case, calendar) => {
    expect([nextStart(calendar, noon), nextClose(calendar, noon)]).toEqual([null, null]);
    expect([nextOpen(calendar, noon), prevClose(calendar, noon)]).toEqual([noon, noon]);
    expect(intervals(calendar, noon, 3)).toEqual([[noon, utc('2036-01-03 12:00')]]);
  });

  it('finds the last closing of a calendar that never opens again', () => {
    const once: Calendar = {
      timezone: 'UTC',
      weekly: {},
      overrides: { '2026-01-02': [['09:00', '17:00']] },
    };
    expect(nextClose(once, utc('2026-01-01 00:00'))).toBe(friday.closes);
    expect(intervals(once, utc('2026-01-01 00:00'), 1)).toEqual([[friday.opens, friday.closes]]);
    expect(prevClose(once, utc('2030-01-01 00:00'))).toBe(friday.closes);
  });
});

describe('a calendar that never opens', () => {
  const closures = [['2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z'] as const];
  const closed: Calendar = { ...businessHours('Europe/Berlin'), closures };
  const from = utc('2026-01-02 12:00');
  const complaint = 'The calendar never opens in the ten years after 2026-01-02T12:00:00.000Z';

  it('is an error that shows it, instead of a search for ever', () => {
    expect(() => addWorkingTime(closed, from, 1)).toThrow(complaint);
    expect(() => nextOpen(closed, from)).toThrow(complaint);
    expect(() => nextStart(closed, from)).toThrow(complaint);
    expect(() => nextClose(closed, from)).toThrow(complaint);
    expect(() => intervals(closed, from, 1)).toThrow('"timezone":"Europe/Berlin"');
    expect(() => prevClose(closed, utc('2090-01-02 12:00'))).toThrow(/ten years before 2090/);
  });

  it('has no working time, which is no error', () => {
    expect(hoursOn(closed, '2026-01-02 12:00', '2027-01-02 12:00')).toBe(0);
    expect(isOpen(closed, from)).toBe(false);
  });
});
