import { checkCalendar } from '../../../models/sla/calendar.schema';
import { addWorkingTime } from '../../../models/sla/calendar';
import { calendarOf, ruleOf } from './promise';

describe('what is promised for a measurement', () => {
  const opensAt = '2026-03-02T08:00:07.123Z';

  it('falls due at one instant for all that were opened while nobody worked', () => {
    const calendar = calendarOf({ opensAt });
    expect(() => checkCalendar(calendar, '')).not.toThrow();
    const dueAt = (from: string) => addWorkingTime(calendar, from, 100);
    expect(dueAt('2026-03-02T08:00:00.500Z')).toBe('2026-03-02T08:01:47.123Z');
    expect(dueAt('2026-03-02T07:59:00.000Z')).toBe('2026-03-02T08:01:47.123Z');
  });

  it('has a clock that comes to nothing and one that does, by the standard ladder', () => {
    const { targets } = ruleOf({ targetSeconds: 100 }, 'a');
    expect(targets.map(({ id, ladder }) => [id, ladder])).toEqual([
      ['response', undefined],
      ['resolution', undefined],
    ]);
  });
});
