/** How promises were kept: counted from the rows of clocks at the moment of asking. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import type { Instant } from '../../models/instant';
import { settingsOf, type Settings } from '../../models/organizations/settings';
import { clockKinds, metrics } from '../../models/sla/policy/shape';
import { seesInternal } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from '../tickets/door';
import { wallsFor } from '../tickets/sight';
import { periodFields, periodOf, type Period } from './period';

const groupings = [
  ...['policy', 'team', 'service', 'priority', 'week', 'month', 'metric', 'kind'],
] as const;

const counts = {
  met: z.int().describe('Stopped before its target was used up.'),
  missed: z.int().describe('Whether or not it has been stopped since.'),
  openInTime: z.int().describe('Running or paused now, not late.'),
  openLate: z.int().describe('Of those that are missed: running or paused still.'),
  percent: z.number().nullable().describe('Met, of those that are decided; null: none is.'),
  usedPercent: z
    .object({ p50: z.number(), p90: z.number() })
    .nullable()
    .describe('Working time used, of the target, of those that were stopped; null: none was.'),
};

const Group = z
  .object({
    key: z
      .string()
      .nullable()
      .describe('An id or a name; the Monday of a week, the first of a month; null: it has none.'),
    name: z.string().nullable().describe('Of what the key is the id of.'),
    ...counts,
  })
  .meta({ id: 'SlaFiguresGroup' });

const Figures = z
  .object({
    asOf: z.iso.datetime(),
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    total: z.object(counts),
    data: z.array(Group).describe('Empty without `groupBy`. At most 1,000.'),
  })
  .meta({ id: 'SlaFigures' });

const query = z.strictObject({
  ...periodFields,
  groupBy: z.enum(groupings).optional(),
  type: z.string().max(60).optional().describe('Only tickets of this type, such as `incident`.'),
  kind: z.enum(clockKinds).optional(),
  metric: z.enum(metrics).optional(),
});
type Query = z.output<typeof query>;

export function slaFiguresRoute({ database }: TicketDeps): Route {
  return defineRoute({
    method: 'get',
    path: '/sla-figures',
    tag: 'Figures',
    access: 'figures:read',
    summary: 'How many promises were met and missed, exact at this moment.',
    description:
      'A clock is in the period in which it was decided: stopped in time, or missed at that instant. What is open in time counts when now is in the period. Of tickets that I may see.',
    query,
    reply: { status: 200, description: 'All, and by group.', body: Figures },
    handle: async ({ actor, query: given }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const now = await tx.now();
        const period = periodOf(given, now);
        const rows = await count(tx, actor, { given, period, now });
        const total = rows.find(({ isTotal }) => isTotal) ?? nothing;
        if (total.met + total.missed + total.openInTime > mostClocks) throw tooMuch();
        return {
          body: {
            ...{ asOf: now, ...period },
            total: shown(total),
            data: rows
              .filter((row) => !row.isTotal && given.groupBy !== undefined)
              .map((row) => ({ key: row.key, name: row.name, ...shown(row) })),
          },
        };
      }),
  });
}

/** More would take longer than a statement may. */
const mostClocks = 500_000;

function tooMuch() {
  const why = `has more than ${mostClocks} clocks before it: ask for less time`;
  return invalid('/query/until', why, 'too_big');
}

interface Row {
  readonly isTotal: boolean;
  readonly key: string | null;
  readonly name: string | null;
  readonly met: number;
  readonly missed: number;
  readonly openInTime: number;
  readonly openLate: number;
  readonly used: readonly number[] | null;
}

const nothing = { met: 0, missed: 0, openInTime: 0, openLate: 0, used: null };

function shown({ met, missed, openInTime, openLate, used }: Omit<Row, 'isTotal' | 'key' | 'name'>) {
  const decided = met + missed;
  const [p50, p90] = used ?? [];
  return {
    ...{ met, missed, openInTime, openLate },
    // Rounded down: 100 says that none was missed.
    percent: decided === 0 ? null : Math.floor((met * 1_000) / decided) / 10,
    usedPercent:
      p50 === undefined || p90 === undefined ? null : { p50: tenths(p50), p90: tenths(p90) },
  };
}

function tenths(share: number): number {
  return Math.floor(share * 1_000) / 10;
}

/** By what is grouped: SQL over a clock and the zone of the organization, and whose name a key is the id of. */
const keys: Readonly<
  Record<
    NonNullable<Query['groupBy']>,
    { readonly key: (zone: () => string) => string; readonly named?: string }
  >
> = {
  policy: { key: () => 'c.policy_id::text', named: 'sla_policy_heads' },
  team: { key: () => 'coalesce(c.team_id, c.ticket_team_id)::text', named: 'teams' },
  service: { key: () => 'c.service_id::text', named: 'services' },
  priority: { key: () => 'c.priority' },
  metric: { key: () => 'c.metric' },
  kind: { key: () => 'c.kind' },
  week: { key: (zone) => beginning('week', zone()) },
  month: { key: (zone) => beginning('month', zone()) },
};

/** What is open in time is so now. */
function beginning(unit: 'week' | 'month', zone: string): string {
  return `to_char(date_trunc('${unit}', least(c.judged_at, $2) at time zone ${zone}), 'YYYY-MM-DD')`;
}

const ungrouped = { key: () => 'null::text', named: undefined };

const most = 1_000;

interface Asked {
  readonly given: Query;
  readonly period: Period;
  readonly now: Instant;
}

async function count(tx: Tx, actor: Actor, { given, period, now }: Asked): Promise<Row[]> {
  const binds: unknown[] = [tx.organizationId, now, period.from, period.until];
  const bind = (value: unknown) => `$${binds.push(value)}`;
  const walls = wallsFor(actor, bind);
  const timezone = await zoneOf(tx);
  const { key, named } = given.groupBy ? keys[given.groupBy] : ungrouped;
  const only = [
    ...(given.type === undefined ? [] : [`c.ticket_type = ${bind(given.type)}`]),
    ...(given.metric === undefined ? [] : [`c.metric = ${bind(given.metric)}`]),
    ...(given.kind === undefined ? [] : [`c.kind = ${bind(given.kind)}`]),
    // What teams and vendors have promised each other is for those who see internal things.
    seesInternal(actor) ? `(c.kind = 'SLA' or ${walls.isInside('t')})` : `c.kind = 'SLA'`,
    walls.isReadable('t'),
  ];
  const name = named
    ? `(select x.name from ${named} x where x.organization_id = $1 and x.id::text = g.key)`
    : 'null';
  return tx.rowsOf<Row>(
    `with j as (
       select c.*, ${key(() => bind(timezone))} as key, coalesce(c.judged_at <= $2, false) as is_judged,
              coalesce(c.missed_at <= $2, false) as is_missed,
              c.state in ('running', 'paused') as is_open
         from sla_clocks c
         join tickets t on t.organization_id = c.organization_id and t.id = c.ticket_id
        where c.organization_id = $1 and ${only.join(' and ')}
          and (c.judged_at >= $3 and c.judged_at < $4 and c.judged_at <= $2
               or $3 <= $2 and $2 < $4 and c.state in ('running', 'paused')
                  and (c.judged_at is null or c.judged_at > $2))
        limit ${mostClocks + 1}),
     g as (
       select grouping(key) = 1 as is_total, key,
              count(*) filter (where is_judged and not is_missed)::int as met,
              count(*) filter (where is_missed)::int as missed,
              count(*) filter (where is_open and not is_missed)::int as open_in_time,
              count(*) filter (where is_open and is_missed)::int as open_late,
              percentile_cont(array[0.5, 0.9]) within group
                (order by j.elapsed_ms / 1000 / nullif(j.target_seconds, 0))
                filter (where j.state = 'stopped' and j.elapsed_ms is not null) as used
         from j group by grouping sets ((), (key))
        order by 1 desc, 2 nulls last limit ${most + 1})
     select is_total as "isTotal", key, ${name} as name, met, missed,
            open_in_time as "openInTime", open_late as "openLate", used from g`,
    binds,
  );
}

async function zoneOf(tx: Tx): Promise<string> {
  const [row] = await tx.rows<{ settings: Partial<Settings> }>(
    'select settings from organizations where id = $1',
    [tx.organizationId],
  );
  return settingsOf(row?.settings ?? {}).timezone;
}
