/** What the tickets of a measurement are promised: a policy version of their own, for those opened from now on. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../../models/instant';
import { idOf } from '../../../models/organizations/found';
import { roundTheClock } from '../../../models/sla/calendar';
import type { Calendar } from '../../../models/sla/calendar/shape';
import type { PolicyRule, Step } from '../../../models/sla/policy/shape';
import type { Rows } from '../rows';

export interface Wanted {
  /** Working seconds until the resolution is late. */
  readonly targetSeconds: number;
  /**
   * Nobody works before: whatever was opened until then has all its instants at the same moments. Left
   * out: round the clock, so that instants lie as far apart as the openings.
   */
  readonly opensAt?: Instant;
  /** Left out: the standard ladder. */
  readonly ladder?: readonly Step[];
}

/** A first response that nobody gives and nobody misses in the time that a measurement takes. */
const farSeconds = 30 * 86_400;

/**
 * Publishes it for new tickets: each has two clocks, of which only `resolution` comes to anything. Written
 * by SQL, as the office of a bench has no administrator; a version is never edited.
 */
export async function promise(rows: Rows, slug: string, wanted: Wanted): Promise<void> {
  const calendarId = randomUUID();
  await rows.query(
    `insert into calendars (organization_id, id, version, name, definition)
     values (nullif(current_setting('app.organization'), '')::uuid, $1, 1, $2, $3)`,
    [calendarId, `Bench ${calendarId}`, JSON.stringify(calendarOf(wanted))],
  );
  await rows.query(
    `insert into sla_policies
       (organization_id, id, version, ticket_type, name, position, rules, applies_to_open, published_at)
     select organization_id, id, version + 1, ticket_type, name, position, $2, false, now()
       from sla_policies where id = $1 order by version desc limit 1`,
    [idOf(slug, 'policy', 'Incidents'), JSON.stringify([ruleOf(wanted, calendarId)])],
  );
}

export function calendarOf({ opensAt }: Pick<Wanted, 'opensAt'>): Calendar {
  if (opensAt === undefined) return roundTheClock;
  const from = new Date(new Date(opensAt).getTime() - 86_400_000).toISOString();
  return { ...roundTheClock, closures: [[from, opensAt]] };
}

export function ruleOf({ targetSeconds, ladder }: Wanted, calendarId: string): PolicyRule {
  const common = { kind: 'SLA', calendar: { calendarId } } as const;
  return {
    name: 'Measured',
    targets: [
      { id: 'response', metric: 'firstResponse', targetSeconds: farSeconds, ...common },
      {
        ...{ id: 'resolution', metric: 'resolution', targetSeconds, ...common },
        ...(ladder && { ladder }),
      },
    ],
  };
}
