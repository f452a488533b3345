import { defaultTargets } from './defaults';

const targets = defaultTargets({ roundTheClock: 'always', business: 'office' });
const minute = 60;
const hour = 3600;

describe('the default promises', () => {
  it.each([
    ['P1', 15 * minute, 4 * hour, 'always'],
    ['P2', 30 * minute, 8 * hour, 'always'],
    ['P3', 4 * hour, 24 * hour, 'office'],
    ['P4', 8 * hour, 40 * hour, 'office'],
    ['P5', 16 * hour, 80 * hour, 'office'],
  ])('for %s are %d s to respond and %d s to resolve, counted on %s', (priority, ...rest) => {
    const [response, resolution, calendarId] = rest;
    expect(targets.filter((one) => one.priority === priority)).toEqual([
      { priority, metric: 'firstResponse', targetSeconds: response, calendarId },
      { priority, metric: 'resolution', targetSeconds: resolution, calendarId },
    ]);
  });

  it('are one for each priority and metric', () => {
    expect(targets).toHaveLength(10);
  });
});
