/** How a run looks, and what came out otherwise in a dry run. */
import { z } from 'zod';
import { toInstant } from '../../models/instant';
import { PolicyRuleShape } from '../../models/sla/policy/schema';
import { clockKinds, metrics } from '../../models/sla/policy/shape';
import { runKinds, runStates } from '../../models/sla-runs/rows';
import { defineListing } from '../http/list/listing';
import type { Readable } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';

const at = z.iso.datetime();

export const SlaRun = z
  .object({
    id: z.uuid(),
    kind: z
      .enum(runKinds)
      .describe('Publication and calendar: open tickets are told that other terms hold.'),
    policy: Reference.nullable(),
    version: z.int().nullable().describe('That was published.'),
    calendar: Reference.nullable(),
    definition: z
      .object({ rules: z.array(PolicyRuleShape) })
      .nullable()
      .describe('Of a dry run: what is tried.'),
    from: at.nullable().describe('Of a dry run: tickets that were resolved from then on,'),
    until: at.nullable().describe('and before that.'),
    startsAt: at.describe('Nobody is told before.'),
    state: z.enum(runStates).describe('Withdrawn: as the version was.'),
    total: z.int().nullable().describe('Tickets; null until they were counted.'),
    done: z.int().describe('Of these it has looked at so many.'),
    toMissed: z.int().describe('Of a dry run: clocks that were met and would be missed.'),
    toMet: z.int(),
    retargeted: z.int().describe('Open tickets of which a clock has other terms now.'),
    startedBy: Reference.nullable().describe('Null: it followed from a publication.'),
    createdAt: at,
    beganAt: at.nullable(),
    endedAt: at.nullable(),
    error: z.string().nullable().describe('Why it failed.'),
  })
  .meta({ id: 'SlaRun' });

type Shown = z.infer<typeof SlaRun>;
type Times = 'from' | 'until' | 'beganAt' | 'endedAt';
export type RunRow = Omit<Shown, Times | 'createdAt' | 'startsAt'> &
  Readonly<Record<Times, Date | null>> & { readonly createdAt: Date; readonly startsAt: Date };

const listing = defineListing({
  name: 'slaRuns',
  item: SlaRun,
  idSql: 'r.id',
  fields: {
    kind: { type: 'enum', column: 'r.kind', values: runKinds, nullable: false },
    state: { type: 'enum', column: 'r.state', values: runStates, nullable: false },
    policy: { type: 'reference', column: 'r.policy_id' },
    calendar: { type: 'reference', column: 'r.calendar_id' },
    createdAt: { type: 'instant', column: 'r.created_at', nullable: false },
  },
  sorts: ['createdAt'],
  defaultSort: '-createdAt',
});

export const slaRuns: Readable<RunRow> = {
  path: '/sla-runs',
  tag: 'Catalogue',
  one: 'run',
  many: 'runs over many tickets: dry runs of policies, and news for open tickets',
  access: 'sla-policy:manage',
  listing,
  item: SlaRun,
  select: `r.id, r.kind, r.version, r.definition, r.period_from as "from", r.period_until as until,
    r.starts_at as "startsAt", r.state, r.total, r.done, r.to_missed as "toMissed", r.to_met as "toMet",
    r.retargeted, r.created_at as "createdAt", r.began_at as "beganAt", r.ended_at as "endedAt", r.error,
    ${referenceSql('h')} as policy, ${referenceSql('b')} as calendar, ${referenceSql('u')} as "startedBy"`,
  from: `sla_runs r
    left join sla_policy_heads h on h.organization_id = r.organization_id and h.id = r.policy_id
    left join business_calendars b on b.organization_id = r.organization_id and b.id = r.calendar_id
    left join users u on u.organization_id = r.organization_id and u.id = r.started_by`,
  present: presentRun,
};

export function presentRun(row: RunRow): Shown {
  const { from, until, startsAt, createdAt, beganAt, endedAt, ...same } = row;
  const instant = (date: Date | null) => date && toInstant(date);
  return SlaRun.parse({
    ...same,
    ...{ from: instant(from), until: instant(until), beganAt: instant(beganAt) },
    ...{
      endedAt: instant(endedAt),
      startsAt: toInstant(startsAt),
      createdAt: toInstant(createdAt),
    },
  });
}

const Version = z.object({ id: z.uuid(), version: z.int() });

const Computation = z
  .object({
    outcome: z.enum(['met', 'missed']),
    policy: Version,
    rule: z.string().nullable(),
    calendar: Version,
    targetSeconds: z.int(),
    kind: z.enum(clockKinds),
    metric: z.enum(metrics),
    teamId: z.uuid().nullable(),
    startedAt: at,
    stoppedAt: at.nullable(),
    dueAt: at.nullable(),
    elapsedSeconds: z.int().describe('Working time.'),
    breachedAt: at.nullable(),
  })
  .meta({ id: 'SlaComputation' });

export const SlaFlip = z
  .object({
    id: z.uuid(),
    ticket: z.object({ id: z.uuid(), type: z.string(), number: z.string() }),
    clock: z.string(),
    direction: z.enum(['toMissed', 'toMet']),
    resolvedAt: at,
    before: Computation.describe('What stands in its clock.'),
    after: Computation.describe('What the policy would have made of it.'),
  })
  .meta({ id: 'SlaFlip' });

export type FlipRow = Omit<z.infer<typeof SlaFlip>, 'resolvedAt'> & { readonly resolvedAt: Date };

export const flipListing = defineListing({
  name: 'slaFlips',
  item: SlaFlip,
  idSql: 'f.id',
  fields: {
    direction: {
      type: 'enum',
      column: 'f.direction',
      values: ['toMissed', 'toMet'],
      nullable: false,
    },
    clock: { type: 'text', column: 'f.clock', nullable: false },
    ticket: { type: 'reference', column: 'f.ticket_id', nullable: false },
    resolvedAt: { type: 'instant', column: 'f.resolved_at', nullable: false },
  },
  sorts: ['resolvedAt'],
  defaultSort: 'resolvedAt',
});

export const flipSelect = `f.id, f.clock, f.direction, f.resolved_at as "resolvedAt", f.before, f.after,
  jsonb_build_object('id', t.id, 'type', t.type, 'number', t.number) as ticket`;

export const flipFrom = `sla_flips f
  join tickets t on t.organization_id = f.organization_id and t.id = f.ticket_id`;
