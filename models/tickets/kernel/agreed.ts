/** What an organization has agreed for a type of ticket: settings, policies in force, their calendars. */
import type { Tx } from '../../database';
import { toInstant, type Instant } from '../../instant';
import { settingsOf, type Settings } from '../../organizations/settings';
import { inForce, type Agreement, type Publication } from '../../sla/agreement';
import type { CalendarVersion, PolicyVersion } from '../../sla/agreement';
import type { Calendar } from '../../sla/calendar';
import type { PolicyDefinition } from '../../sla/policy/shape';
import type { Terms } from '../rules';
import type { Suspension } from '../suspension';
import type { Ticket } from '../ticket';

/** As it is read with one statement, before definitions are looked up. */
export interface Agreed {
  readonly slug: string;
  readonly settings: Partial<Settings>;
  readonly isSuspended: boolean;
  readonly resumedAt: Date | null;
  readonly policies: readonly Publication[];
  /** The newest version of each calendar. */
  readonly calendars: Readonly<Record<string, number>>;
}

/** Whose agreement: which policies count follows from when it was opened. */
export type Party = Pick<Ticket, 'clocks' | 'openedAt' | 'updatedAt'>;

/** The settings, the policies and the calendars that count for a ticket as of an instant, with those of its clocks. */
export async function loadTerms(
  tx: Tx,
  type: string,
  ticket: Party,
  asOf: Instant = ticket.openedAt,
): Promise<Terms> {
  return termsOf(tx, await loadAgreed(tx, type), ticket, asOf);
}

export async function loadAgreed(tx: Tx, type: string): Promise<Agreed> {
  const agreed = await findAgreed(tx, type);
  if (!agreed) throw new Error(`The organization ${tx.organizationId} is gone`);
  return agreed;
}

/** Undefined when the organization is gone. A version that was withdrawn was published at infinity. */
export async function findAgreed(tx: Tx, type: string): Promise<Agreed | undefined> {
  const [row] = await tx.rows<Agreed>(
    `select o.slug, o.settings, o.suspended_at is not null as "isSuspended",
            o.resumed_at as "resumedAt",
            coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'version', p.version,
                'name', p.name, 'position', p.position, 'appliesToOpen', p.applies_to_open,
                'publishedAt', to_char(p.published_at at time zone 'UTC',
                                       'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
               from sla_policies p where p.organization_id = o.id and p.ticket_type = $2
                and isfinite(p.published_at)), '[]') as policies,
            coalesce((select jsonb_object_agg(c.id, c.version) from
              (select id, max(version) as version from calendars
                where organization_id = o.id group by id) c), '{}') as calendars
       from organizations o where o.id = $1`,
    [tx.organizationId, type],
  );
  return row;
}

export async function termsOf(
  tx: Tx,
  agreed: Agreed,
  { clocks, openedAt }: Party,
  asOf: Instant = openedAt,
): Promise<Terms> {
  const counting = inForce(agreed.policies, { openedAt, asOf });
  const named = clocks.flatMap(({ terms: { policy, rule } }) => (rule === null ? [] : [policy]));
  const wanted = agreed.policies.filter(
    (one) =>
      counting.includes(one) ||
      named.some(({ id, version }) => id === one.id && version === one.version),
  );
  const policies = await Promise.all(wanted.map((one) => policyVersion(tx, one)));
  const targets = policies.flatMap(({ definition }) =>
    definition.rules.flatMap((rule) => rule.targets),
  );
  const ids = targets.map(({ calendar }) => calendar.calendarId);
  const agreement = { policies, calendars: await calendarsOf(tx, clocks) };
  return {
    slug: agreed.slug,
    settings: settingsOf(agreed.settings),
    agreement: await withCalendars(tx, agreed, agreement, ids),
    suspension: suspensionOf(agreed),
  };
}

/** With the newest versions of these calendars, too. */
export async function withCalendars(
  tx: Tx,
  agreed: Pick<Agreed, 'calendars'>,
  agreement: Agreement,
  ids: readonly string[],
): Promise<Agreement> {
  const more: CalendarVersion[] = [];
  for (const id of new Set(ids)) {
    const version = agreed.calendars[id];
    if (version === undefined) throw new Error(`A policy names calendar ${id}, which is not there`);
    const isThere = agreement.calendars.some((one) => one.id === id && one.version === version);
    if (!isThere) more.push(await calendarVersion(tx, id, version));
  }
  return more.length === 0
    ? agreement
    : { ...agreement, calendars: [...agreement.calendars, ...more] };
}

export function suspensionOf({ isSuspended, resumedAt }: Agreed): Suspension {
  return { isSuspended, resumedAt: resumedAt && toInstant(resumedAt) };
}

async function calendarsOf(tx: Tx, clocks: Ticket['clocks']): Promise<CalendarVersion[]> {
  const unique = new Map(
    clocks.map(({ terms: { calendar } }) => [`${calendar.id}/${calendar.version}`, calendar]),
  );
  const found: CalendarVersion[] = [];
  for (const { id, version } of unique.values()) found.push(await calendarVersion(tx, id, version));
  return found;
}

/** Versions are never edited, so what was read once is right for ever. */
const kept = new Map<string, unknown>();
const mostKept = 4_000;

export async function calendarVersion(
  tx: Tx,
  id: string,
  version: number,
): Promise<CalendarVersion> {
  const calendar = await versionOf<Calendar>(tx, 'calendars', { id, version });
  return { id, version, calendar };
}

export async function policyVersion(tx: Tx, publication: Publication): Promise<PolicyVersion> {
  const rules = await versionOf<PolicyDefinition['rules']>(tx, 'sla_policies', publication);
  return { ...publication, definition: { rules } };
}

const columns = { calendars: 'definition', sla_policies: 'rules' } as const;

/** What a version says: always the same object, so that what is compiled of it is compiled once. */
async function versionOf<T>(
  tx: Tx,
  table: keyof typeof columns,
  { id, version }: { id: string; version: number },
): Promise<T> {
  const key = `${tx.organizationId}/${table}/${id}/${version}`;
  const known = kept.get(key);
  if (known !== undefined) return known as T;
  const [row] = await tx.rows<{ said: T }>(
    `select ${columns[table]} as said from ${table}
      where organization_id = $1 and id = $2 and version = $3`,
    [tx.organizationId, id, version],
  );
  if (!row) throw new Error(`There is no version ${version} of ${id} in ${table}`);
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, row.said);
  return row.said;
}
