/** What an organization promises until it decides otherwise. */
import type { FacetSeconds, PolicyDefinition, PolicyRule, Target } from './shape';

const minute = 60;
const hour = 60 * minute;

type Seconds = Exclude<Target['targetSeconds'], number | FacetSeconds>;

/**
 * P1 and P2 round the clock, P3 to P5 in business time; no ladder, so that of every target. `roundTheClock`
 * and `business` are ids of calendars.
 */
export function defaultPolicy(calendars: {
  readonly roundTheClock: string;
  readonly business: string;
}): PolicyDefinition {
  return {
    rules: [
      rule('Round the clock', calendars.roundTheClock, {
        response: { P1: 15 * minute, P2: 30 * minute },
        resolution: { P1: 4 * hour, P2: 8 * hour },
      }),
      rule('Business hours', calendars.business, {
        response: { P3: 4 * hour, P4: 8 * hour, P5: 16 * hour },
        resolution: { P3: 24 * hour, P4: 40 * hour, P5: 80 * hour },
      }),
    ],
  };
}

/** Requests are delivered within what their catalog item says, in business time. */
export function deliveryPolicy(business: string): PolicyDefinition {
  const targetSeconds = { facet: 'deliverySeconds' };
  return {
    rules: [
      {
        name: 'As the catalog says',
        targets: [
          {
            ...{ id: 'delivery', kind: 'SLA', metric: 'resolution', targetSeconds },
            calendar: { calendarId: business },
          },
        ],
      },
    ],
  };
}

function rule(
  name: string,
  calendarId: string,
  { response, resolution }: { readonly response: Seconds; readonly resolution: Seconds },
): PolicyRule {
  const common = { kind: 'SLA', calendar: { calendarId } } as const;
  return {
    name,
    when: `priority=in=(${Object.keys(response).join(',')})`,
    targets: [
      { id: 'response', metric: 'firstResponse', targetSeconds: response, ...common },
      { id: 'resolution', metric: 'resolution', targetSeconds: resolution, ...common },
    ],
  };
}
