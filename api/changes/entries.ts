/** What stands in the change calendar between two instants, as far as the one who asks may see it. */
import { windowOf as windowOfFreeze, type ChangeWindow } from '../../models/changes/windows';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { msOf, toInstant, type Instant } from '../../models/instant';
import { openingsIn } from '../../models/sla/calendar';
import { CalendarInput } from '../../models/sla/calendar.schema';
import type { Reference } from '../http/reference';
import { linkedSql } from '../http/resource/links';
import { sightOf, type Viewer } from '../tickets/sight';

/** Of all kinds together. */
export const mostEntries = 2_000;

export interface Asked {
  readonly window: ChangeWindow;
  readonly serviceId: string | undefined;
}

interface Entry {
  readonly id: string;
  readonly window: ChangeWindow;
  readonly services: readonly Reference[];
  readonly updatedAt: Instant;
}

export interface ChangeEntry extends Entry {
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly kind: 'standard' | 'normal' | 'emergency';
  /** Null: not assessed. */
  readonly riskLevel: string | null;
}

/** Of no services: of everything. */
export interface FreezeEntry extends Entry {
  readonly name: string;
  readonly reason: string;
}

/** One opening of a maintenance window: several have the same id. */
export interface MaintenanceEntry extends Entry {
  readonly name: string;
}

export interface Entries {
  readonly changes: readonly ChangeEntry[];
  readonly freezes: readonly FreezeEntry[];
  readonly maintenance: readonly MaintenanceEntry[];
}

/** Each kind by its beginning. Throws invalid_input when there is more than anybody reads. */
export async function entriesIn(tx: Tx, viewer: Viewer, asked: Asked): Promise<Entries> {
  const [changes, freezes, maintenance] = await Promise.all([
    changesIn(tx, viewer, asked),
    freezesIn(tx, asked),
    maintenanceIn(tx, asked),
  ]);
  const entries = { changes, freezes, maintenance };
  const count = Object.values(entries).reduce((sum, { length }) => sum + length, 0);
  if (count <= mostEntries) return entries;
  throw invalid(
    '/query/until',
    `is too far from the beginning: there are more than ${mostEntries} entries between the two, ` +
      'ask for less time or one service',
    'too_big',
  );
}

type Timed<E extends Entry> = Omit<E, 'window' | 'updatedAt'> & {
  readonly start: Date;
  readonly end: Date;
  readonly updatedAt: Date;
};

const servicesOfChange = `(
  select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name), '[]')
    from jsonb_array_elements_text(t.snapshot -> 'details' -> 'serviceIds') as named (id)
    join services s on s.organization_id = t.organization_id and s.id = named.id::uuid) as services`;

async function changesIn(
  tx: Tx,
  viewer: Viewer,
  { window, serviceId }: Asked,
): Promise<ChangeEntry[]> {
  const binds: unknown[] = [
    tx.organizationId,
    viewer.type,
    window.start,
    window.end,
    serviceId ?? null,
    mostEntries + 1,
  ];
  const { isVisible } = sightOf(viewer, (value) => `$${binds.push(value)}`);
  const rows = await tx.rows<Timed<ChangeEntry>>(
    `select t.id, t.number, t.title, t.state, t.planned_start as "start", t.planned_end as "end",
            t.snapshot #>> '{details,kind}' as kind,
            t.snapshot #>> '{details,risk,level}' as "riskLevel",
            ${servicesOfChange}, t.updated_at as "updatedAt"
       from tickets t
      where t.organization_id = $1 and t.type = $2
        and t.planned_end > $3::timestamptz and t.planned_start < $4::timestamptz
        and ($5::text is null or t.snapshot -> 'details' -> 'serviceIds' ? $5) and ${isVisible}
      order by t.planned_start, t.id limit $6`,
    binds,
  );
  return rows.map(({ start, end, updatedAt, ...entry }) => ({
    ...entry,
    window: { start: toInstant(start), end: toInstant(end) },
    updatedAt: toInstant(updatedAt),
  }));
}

const freezeServices = {
  field: 'serviceIds',
  table: 'freeze_services',
  owner: 'freeze_id',
  named: 'service_id',
} as const;

const frozen = `array(select s.service_id from freeze_services s
  where s.organization_id = f.organization_id and s.freeze_id = f.id)`;

async function freezesIn(tx: Tx, { window, serviceId }: Asked): Promise<FreezeEntry[]> {
  const rows = await tx.rows<Timed<FreezeEntry>>(
    `select f.id, f.name, f.reason, f.starts_at as "start", f.ends_at as "end",
            ${linkedSql(freezeServices, 'f')} as services, f.updated_at as "updatedAt"
       from freezes f
      where f.organization_id = $1 and f.ends_at > $2 and f.starts_at < $3
        and ($4::uuid is null or $4 = any(${frozen}) or ${frozen} = '{}')
      order by f.starts_at, f.id limit $5`,
    [tx.organizationId, window.start, window.end, serviceId ?? null, mostEntries + 1],
  );
  return rows.map(({ start, end, updatedAt, ...entry }) => ({
    ...entry,
    window: windowOfFreeze({ from: toInstant(start), until: toInstant(end) }),
    updatedAt: toInstant(updatedAt),
  }));
}

interface MaintenanceRow extends Omit<MaintenanceEntry, 'window' | 'updatedAt'> {
  readonly definition: unknown;
  readonly updatedAt: Date;
}

const maintenanceServices = {
  field: 'serviceIds',
  table: 'maintenance_window_services',
  owner: 'maintenance_window_id',
  named: 'service_id',
} as const;

/** Openings are cut at the ends of what was asked for. */
async function maintenanceIn(tx: Tx, { window, serviceId }: Asked): Promise<MaintenanceEntry[]> {
  const rows = await tx.rows<MaintenanceRow>(
    `select m.id, m.name, m.definition, ${linkedSql(maintenanceServices, 'm')} as services,
            m.updated_at as "updatedAt"
       from maintenance_windows m
      where m.organization_id = $1
        and ($2::uuid is null or exists (
              select 1 from maintenance_window_services s
               where s.organization_id = m.organization_id and s.maintenance_window_id = m.id
                 and s.service_id = $2))
      order by m.name, m.id`,
    [tx.organizationId, serviceId ?? null],
  );
  const found: MaintenanceEntry[] = [];
  for (const { definition, updatedAt, ...entry } of rows) {
    const left = mostEntries + 1 - found.length;
    const openings = openingsIn(CalendarInput.parse(definition), window.start, window.end, left);
    for (const [start, end] of openings)
      found.push({ ...entry, window: { start, end }, updatedAt: toInstant(updatedAt) });
  }
  // Those of one window come in order, and equal ones stay as they are.
  return found.sort((one, other) => msOf(one.window.start) - msOf(other.window.start));
}
