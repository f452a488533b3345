/** Links in their table: one row each, read from both ends, changed under one lock of the organization. */
import type { Tx } from '../../database';
import { Refusal } from '../../errors';
import type { Happening } from '../decide';
import type { Fact } from '../fact';
import { idFrom } from '../identity';
import { isLinkFact } from '../linking';
import { hearsOf, inverseOf, isSingle, isStraight, linkKinds, storedLink } from '../links';
import type { StoredKind, StoredLink } from '../links';
import type { Kernel } from '../rules';
import { tell } from './record';

/** One ticket takes no more: its links are shown with it. */
const most = 500;

const turned = linkKinds.map((kind) => `when '${kind}' then '${inverseOf(kind)}'`).join(' ');

/** Both ends of the links of a ticket as it reads them: `kind`, and `id` of the other; a subquery. */
export function linkedSql(organizationId: string, ticketId: string): string {
  return `(select kind, other_id as id from ticket_links
            where organization_id = ${organizationId} and ticket_id = ${ticketId}
           union all
           select case kind ${turned} else regexp_replace(kind, 'Of$', '') end, ticket_id
             from ticket_links
            where organization_id = ${organizationId} and other_id = ${ticketId})`;
}

/** Whoever makes or ends a link does it alone: two at once could close a circle, or give two parents. */
export function linkLocks({ name }: Pick<Fact, 'name'>): string[] {
  return isLinkFact(name) && !name.endsWith('Back') ? ['links'] : [];
}

/** Holds new links against those that are there. Throws conflict, and not_found for one to be ended. */
export async function refuseLinks(tx: Tx, { ticket, owed }: Happening): Promise<void> {
  for (const { did, kind, otherId } of owed.links) {
    const link = storedLink(ticket.id, kind, otherId);
    const present = await standingOf(tx, link);
    if (did === 'linked') refuseCrossing(link.kind, present);
    else if (!present.isThere) throw new Refusal('not_found', 'They are not linked so.');
  }
}

interface Standing {
  readonly isThere: boolean;
  readonly hasOne: boolean;
  readonly isCircle: boolean;
  readonly links: number;
}

function refuseCrossing(kind: StoredKind, { isThere, hasOne, isCircle, links }: Standing): void {
  if (isThere) throw new Refusal('conflict', 'They are linked so already.', { isThere });
  if (isSingle(kind) && hasOne) {
    const one = kind === 'parent' ? 'has a parent' : 'is a duplicate of another one';
    throw new Refusal('conflict', `It ${one} already.`);
  }
  if (isStraight(kind) && isCircle)
    throw new Refusal('conflict', `A circle of ${kind} would have no end.`);
  if (links >= most) throw new Refusal('conflict', `A ticket has at most ${most} links.`);
}

async function standingOf(tx: Tx, { ticketId, kind, otherId }: StoredLink): Promise<Standing> {
  const [row] = await tx.rows<Standing>(standingSql, [tx.organizationId, ticketId, kind, otherId]);
  if (!row) throw new Error('PostgreSQL did not answer');
  return row;
}

const standingSql = `
  with recursive reached(id) as (
    select $4::uuid
     union
    select l.other_id from ticket_links l join reached r on l.ticket_id = r.id
     where l.organization_id = $1 and l.kind = $3)
  select exists (select from ticket_links where organization_id = $1 and ticket_id = $2
                    and kind = $3 and other_id = $4) as "isThere",
         exists (select from ticket_links where organization_id = $1 and ticket_id = $2
                    and kind = $3) as "hasOne",
         exists (select from reached where id = $2) as "isCircle",
         greatest((select count(*) from ${linkedSql('$1', '$2')} l),
                  (select count(*) from ${linkedSql('$1', '$4')} l))::int as links`;

/** Tells the other ends of links that a ticket is opened with, which has its number by now. */
export async function tellLinkedAtOpening(
  tx: Tx,
  { ticket, fact, owed }: Happening,
): Promise<void> {
  const { id: ticketId, type, number, confidentialTeamId } = ticket;
  for (const { kind, otherId } of owed.links) {
    const isConfidential = confidentialTeamId !== null;
    await tell(tx, idFrom(ticketId, fact.cause, `linked/${kind}/${otherId}`), fact.occurredAt, {
      ...{ ticketId: otherId, name: 'linkedBack', actor: fact.actor },
      input: { kind: inverseOf(kind), ticketId, type, number, isConfidential },
    });
  }
}

export async function writeLinks(tx: Tx, { ticket, owed }: Happening): Promise<void> {
  for (const { did, kind, otherId } of owed.links) {
    const link = storedLink(ticket.id, kind, otherId);
    const binds = [tx.organizationId, link.ticketId, link.kind, link.otherId];
    await tx.rows(did === 'linked' ? insertSql : deleteSql, binds);
  }
}

const insertSql =
  'insert into ticket_links (organization_id, ticket_id, kind, other_id) values ($1, $2, $3, $4)';
const deleteSql = `delete from ticket_links
  where organization_id = $1 and ticket_id = $2 and kind = $3 and other_id = $4`;

/** Owes a message to each open ticket that follows this one, when it has ended or goes on. */
export async function tellLinked(
  tx: Tx,
  { ticket, fact, turned: turn }: Happening,
  kernel: Kernel,
): Promise<void> {
  if (!turn) return;
  const rows = await tx.rows<{ kind: string; id: string; type: string }>(
    `select l.kind, x.id, x.type from ${linkedSql('$1', '$2')} l
       join tickets x on x.organization_id = $1 and x.id = l.id and x.is_open
      where coalesce(x.id = $3, true) order by x.id`,
    [tx.organizationId, ticket.id, turn.only ?? null],
  );
  for (const { kind: mine, id, type } of rows) {
    const kind = inverseOf(mine);
    const { links = {} } = kernel.processOf(type).declaration;
    if (!hearsOf(links, kind, turn.moments)) continue;
    const input = { kind, ticketId: ticket.id, byId: turn.byId };
    await tell(tx, idFrom(ticket.id, fact.cause, `turned/${kind}/${id}`), fact.occurredAt, {
      ...{ ticketId: id, name: turn.name, input },
    });
  }
}
