import { defaultPolicy } from './default';

const { rules } = defaultPolicy({ roundTheClock: 'always', business: 'office' });
const hour = 3600;

describe('the default policy', () => {
  it('asks for the priority only', () => {
    expect(rules.map(({ name, when }) => [name, when])).toEqual([
      ['Round the clock', 'priority=in=(P1,P2)'],
      ['Business hours', 'priority=in=(P3,P4,P5)'],
    ]);
  });

  it('promises a response and a resolution, counted on the calendar of its rule', () => {
    const common = { kind: 'SLA', calendar: { calendarId: 'always' } };
    const [always, office] = rules;
    expect(always?.targets).toEqual([
      {
        ...{ id: 'response', metric: 'firstResponse', ...common },
        targetSeconds: { P1: 900, P2: 1800 },
      },
      {
        ...{ id: 'resolution', metric: 'resolution', ...common },
        targetSeconds: { P1: 4 * hour, P2: 8 * hour },
      },
    ]);
    expect(office?.targets.map(({ targetSeconds, calendar }) => [targetSeconds, calendar])).toEqual(
      [
        [{ P3: 4 * hour, P4: 8 * hour, P5: 16 * hour }, { calendarId: 'office' }],
        [{ P3: 24 * hour, P4: 40 * hour, P5: 80 * hour }, { calendarId: 'office' }],
      ],
    );
  });
});
