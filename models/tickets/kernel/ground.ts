/** What stands around a ticket that conditions and calendars ask for, read only where they do. */
import type { Tx } from '../../database';
import type { Agreement } from '../../sla/agreement';
import { bareGround, type Ground } from '../subject';
import type { Ticket } from '../ticket';
import { withCalendars, type Agreed } from './agreed';

/** Which of it is asked for. */
export interface Wants {
  readonly requester: boolean;
  readonly service: boolean;
  readonly team: boolean;
}

/** Rows of what may stand around tickets, as the members of Ground. */
export const groundJson = {
  requester: `jsonb_build_object('isVip', is_vip, 'role', role, 'department', department,
                                 'locationId', location_id)`,
  service: `jsonb_build_object('criticality', criticality, 'teamId', team_id,
                               'calendarId', calendar_id)`,
  team: `jsonb_build_object('calendarId', calendar_id)`,
} as const;

type Around = Pick<Ticket, 'requesterId' | 'serviceId' | 'teamId'>;

/** What the policies in force ask for, and no more: most ask for nothing, and then nothing is read. */
export async function loadGround(tx: Tx, ticket: Around, { policies }: Agreement): Promise<Ground> {
  const all = policies.map(({ definition }) => wantsOf(definition.rules));
  const any = (kind: keyof Wants) => all.some((one) => one[kind]);
  return readGround(tx, ticket, {
    requester: any('requester'),
    service: any('service'),
    team: any('team'),
  });
}

export async function readGround(tx: Tx, ticket: Around, wants: Wants): Promise<Ground> {
  const bind = [
    wants.requester ? ticket.requesterId : null,
    wants.service ? ticket.serviceId : null,
    wants.team ? ticket.teamId : null,
  ];
  if (bind.every((id) => id === null)) return bareGround;
  const [row] = await tx.rows<Ground>(
    `select (select ${groundJson.requester}
               from users where organization_id = $1 and id = $2::uuid) as requester,
            (select ${groundJson.service}
               from services where organization_id = $1 and id = $3::uuid) as service,
            (select ${groundJson.team}
               from teams where organization_id = $1 and id = $4::uuid) as team`,
    [tx.organizationId, ...bind],
  );
  return row ?? bareGround;
}

/** What these conditions ask for around the ticket. */
export function wantsIn(conditions: readonly string[]): Pick<Wants, 'requester' | 'service'> {
  const texts = conditions.join(' ');
  return {
    requester: /\b(requester\.|location\b)/.test(texts),
    service: /\bservice\./.test(texts),
  };
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

type Rules = Agreement['policies'][number]['definition']['rules'];
const wanted = new WeakMap<Rules, Wants>();

function wantsOf(rules: Rules): Wants {
  const known = wanted.get(rules);
  if (known) return known;
  const targets = rules.flatMap((rule) => rule.targets);
  const texts = [
    ...rules.map(({ when }) => when),
    ...targets.flatMap((target) => [target.startWhen, target.pauseWhile, target.stopWhen]),
  ];
  const calendars = new Set(targets.map(({ calendar }) => calendar.of));
  const asked = wantsIn(texts.filter((text) => text !== undefined));
  const found = {
    requester: asked.requester,
    service: asked.service || calendars.has('service'),
    team: calendars.has('team'),
  };
  wanted.set(rules, found);
  return found;
}
