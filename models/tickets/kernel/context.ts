/** Loads what a rule declared to need. One reader a kind; versioned rows are read once a process. */
import type { Tx } from '../../database';
import { toInstant } from '../../instant';
import { settingsOf, type Settings } from '../../organizations/settings';
import type { CalendarVersion, Policy } from '../../sla/agreement';
import type { Calendar } from '../../sla/calendar';
import { readNeeds } from './needs';
import type { Linked } from '../links';
import type { Category, Context, Need, OwnNeed, Person, Process } from '../rules';
import type { Service, Subject, Team, Terms } from '../rules';
import type { Suspension } from '../suspension';
import type { Ticket } from '../ticket';

/** What is to be read for one fact. */
export interface Reading {
  readonly clocks: Ticket['clocks'];
  readonly needs: readonly (Need | OwnNeed)[];
  readonly loaders: Process['loaders'];
}

/** What the rules of one fact may read; `agreed` may be on its way still. */
export async function loadContext(
  tx: Tx,
  agreed: Agreed | Promise<Agreed>,
  { clocks, needs, loaders }: Reading,
): Promise<Context> {
  const [there, found] = await Promise.all([agreed, readNeeds(tx, needs, loaders)]);
  const terms = await termsOf(tx, there, clocks);
  const read = (kind: Need['kind'] | 'own', id: string): unknown => {
    const key = `${kind}/${id}`;
    if (!found.has(key)) throw new Error(`A rule reads ${kind} ${id} without declaring it`);
    return found.get(key);
  };
  // The readers below select exactly the fields of these types.
  return {
    ...terms,
    person: (id) => read('person', id) as Person | undefined,
    team: (id) => read('team', id) as Team | undefined,
    service: (id) => read('service', id) as Service | undefined,
    category: (id) => read('category', id) as Category | undefined,
    ticket: (id) => read('ticket', id) as Subject | undefined,
    own: (id) => read('own', id),
    links: (id) => (read('links', id) as { links: readonly Linked[] } | undefined)?.links ?? [],
    people: (kind, id) =>
      (read(kind, id) as { people: readonly Person[] } | undefined)?.people ?? [],
  };
}

/** What an organization has agreed for a type of ticket, before the calendars are looked up. */
export interface Agreed {
  slug: string;
  settings: Partial<Settings>;
  isSuspended: boolean;
  resumedAt: Date | null;
  id: string | null;
  version: number;
  name: string;
  definition: Omit<Policy, 'id' | 'version' | 'name'>;
  /** The newest version of each calendar. */
  calendars: Readonly<Record<string, number>> | null;
}

/** The settings, the published policy of a type, and the calendars that it and these clocks use. */
export async function loadTerms(tx: Tx, type: string, clocks: Ticket['clocks']): Promise<Terms> {
  return termsOf(tx, await loadAgreed(tx, type), clocks);
}

export async function loadAgreed(tx: Tx, type: string): Promise<Agreed> {
  const agreed = await findAgreed(tx, type);
  if (!agreed) throw new Error(`The organization ${tx.organizationId} is gone`);
  return agreed;
}

/** The settings and the published policy of a type; undefined when the organization is gone. */
export async function findAgreed(tx: Tx, type: string): Promise<Agreed | undefined> {
  const [row] = await tx.rows<Agreed>(
    `select o.slug, o.settings, o.suspended_at is not null as "isSuspended",
            o.resumed_at as "resumedAt", p.id, p.version, p.name, p.definition,
            (select jsonb_object_agg(c.id, c.version) from
              (select id, max(version) as version from calendars
                where organization_id = o.id group by id) c) as calendars
       from organizations o
       left join lateral (select * from sla_policies
         where organization_id = o.id and ticket_type = $2 order by version desc limit 1) p on true
      where o.id = $1`,
    [tx.organizationId, type],
  );
  return row;
}

/** With the calendars that the policy and these clocks use. */
export async function termsOf(tx: Tx, row: Agreed, clocks: Ticket['clocks']): Promise<Terms> {
  const policy =
    row.id === null
      ? undefined
      : { ...row.definition, id: row.id, version: row.version, name: row.name };
  const wanted = [
    ...(policy?.targets ?? []).map(({ calendarId: id }) => ({ id, version: newest(row, id) })),
    ...clocks.map(({ terms }) => terms.calendar),
  ];
  const unique = new Map(wanted.map((one) => [`${one.id}/${one.version}`, one]));
  const calendars: CalendarVersion[] = [];
  for (const { id, version } of unique.values()) {
    calendars.push(await calendarVersion(tx, id, version));
  }
  return {
    slug: row.slug,
    settings: settingsOf(row.settings),
    agreement: { policy, calendars },
    suspension: suspensionOf(row),
  };
}

export function suspensionOf({ isSuspended, resumedAt }: Agreed): Suspension {
  return { isSuspended, resumedAt: resumedAt && toInstant(resumedAt) };
}

/** Versions are never edited, so what was read once is right for ever. */
const versions = new Map<string, CalendarVersion>();
const versionsKept = 2_000;

async function calendarVersion(tx: Tx, id: string, version: number): Promise<CalendarVersion> {
  const key = `${tx.organizationId}/${id}/${version}`;
  const known = versions.get(key);
  if (known) return known;
  const [row] = await tx.rows<{ definition: Calendar }>(
    `select definition from calendars where organization_id = $1 and id = $2 and version = $3`,
    [tx.organizationId, id, version],
  );
  if (!row) throw new Error(`Calendar ${id} has no version ${version}`);
  const found = { id, version, calendar: row.definition };
  if (versions.size >= versionsKept) versions.clear();
  versions.set(key, found);
  return found;
}

function newest({ calendars }: Agreed, id: string): number {
  const version = calendars?.[id];
  if (version === undefined) throw new Error(`The policy names calendar ${id}, which is not there`);
  return version;
}
