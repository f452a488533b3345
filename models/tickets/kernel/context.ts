/** Loads what a rule declared to need, and what stands around a ticket that policies ask about. */
import type { Tx } from '../../database';
import { teamsOf } from '../../sla/climb';
import { isClockEntry } from '../../sla/agenda';
import type { Agreement } from '../../sla/agreement';
import type { Fact } from '../fact';
import type { Linked } from '../links';
import type { Category, Context, Need, OwnNeed, Person, Process } from '../rules';
import type { Service, Subject, Team } from '../rules';
import { bareGround, type Ground } from '../subject';
import type { Ticket } from '../ticket';
import { termsOf, withCalendars, type Agreed, type Party } from './agreed';
import { readNeeds } from './needs';

/** What is to be read for one fact. */
export interface Reading {
  readonly party: Party;
  readonly fact: Fact;
  readonly needs: readonly (Need | OwnNeed)[];
  readonly loaders: Process['loaders'];
}

/** What the rules of one fact may read; `agreed` may be on its way still. */
export async function loadContext(
  tx: Tx,
  agreed: Agreed | Promise<Agreed>,
  { party, fact, needs, loaders }: Reading,
): Promise<Context> {
  const [there, found] = await Promise.all([agreed, readNeeds(tx, needs, loaders)]);
  const terms = await termsOf(tx, there, party, fact.occurredAt);
  for (const [key, value] of await readTeams(tx, party, fact, terms.agreement))
    found.set(key, value);
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

/** A step of a ladder may give the ticket to another team. */
async function readTeams(tx: Tx, party: Party, { name, via }: Fact, agreement: Agreement) {
  if (via !== 'engine' || !isClockEntry(name)) return [];
  const ids = teamsOf(party, name, agreement);
  return ids.length === 0
    ? []
    : readNeeds(
        tx,
        ids.map((id) => ({ kind: 'team', id })),
      );
}

/** Members of the ground as conditions and targets name them. */
const asked = {
  requester: /\b(requester\.|location\b)/,
  service: /\bservice\./,
} as const;

/** What the policies in force ask for, and no more: most ask for nothing, and then nothing is read. */
export async function loadGround(
  tx: Tx,
  { requesterId, serviceId, teamId }: Pick<Ticket, 'requesterId' | 'serviceId' | 'teamId'>,
  { policies }: Agreement,
): Promise<Ground> {
  const wants = policies.map(({ definition }) => wantsOf(definition.rules));
  const of = (kind: keyof Wants, id: string | null) =>
    wants.some((one) => one[kind]) && id !== null ? id : null;
  const bind = [of('requester', requesterId), of('service', serviceId), of('team', teamId)];
  if (bind.every((id) => id === null)) return bareGround;
  const [row] = await tx.rows<Ground>(
    `select (select jsonb_build_object('isVip', is_vip, 'role', role, 'department', department,
                                       'locationId', location_id)
               from users where organization_id = $1 and id = $2::uuid) as requester,
            (select jsonb_build_object('criticality', criticality, 'teamId', team_id,
                                       'calendarId', calendar_id)
               from services where organization_id = $1 and id = $3::uuid) as service,
            (select jsonb_build_object('calendarId', calendar_id)
               from teams where organization_id = $1 and id = $4::uuid) as team`,
    [tx.organizationId, ...bind],
  );
  return row ?? bareGround;
}

interface Wants {
  readonly requester: boolean;
  readonly service: boolean;
  readonly team: boolean;
}

type Rules = Agreement['policies'][number]['definition']['rules'];
const wanted = new WeakMap<Rules, Wants>();

function wantsOf(rules: Rules): Wants {
  const known = wanted.get(rules);
  if (known) return known;
  const targets = rules.flatMap((rule) => rule.targets);
  const texts = [...rules.map(({ when }) => when), ...targets.flatMap(conditionsIn)].join(' ');
  const calendars = new Set(targets.map(({ calendar }) => calendar.of));
  const found = {
    requester: asked.requester.test(texts),
    service: asked.service.test(texts) || calendars.has('service'),
    team: calendars.has('team'),
  };
  wanted.set(rules, found);
  return found;
}

function conditionsIn({ startWhen, pauseWhile, stopWhen }: Rules[number]['targets'][number]) {
  return [startWhen, pauseWhile, stopWhen];
}

/** With the calendars of its service and its team, where it has some. */
export async function onGround(
  tx: Tx,
  agreed: Agreed,
  agreement: Agreement,
  { service, team }: Ground,
): Promise<Agreement> {
  const ids = [service?.calendarId, team?.calendarId].flatMap((id) => (id ? [id] : []));
  return withCalendars(tx, agreed, agreement, ids);
}
