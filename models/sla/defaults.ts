/** The promises that an organization makes until it decides otherwise. */
import type { Target } from './agreement';

const minute = 60;
const hour = 60 * minute;

/**
 * P1 and P2 round the clock, P3 to P5 in business time: response and resolution in seconds.
 * `roundTheClock` and `business` are ids of calendars.
 */
export function defaultTargets(calendars: { roundTheClock: string; business: string }): Target[] {
  const { roundTheClock, business } = calendars;
  const promises = [
    ['P1', 15 * minute, 4 * hour, roundTheClock],
    ['P2', 30 * minute, 8 * hour, roundTheClock],
    ['P3', 4 * hour, 24 * hour, business],
    ['P4', 8 * hour, 40 * hour, business],
    ['P5', 16 * hour, 80 * hour, business],
  ] as const;
  return promises.flatMap(([priority, response, resolution, calendarId]) => [
    { priority, metric: 'firstResponse', targetSeconds: response, calendarId },
    { priority, metric: 'resolution', targetSeconds: resolution, calendarId },
  ]);
}
