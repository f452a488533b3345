/** Loads what a rule declared to need, and what stands around a ticket that policies ask about. */
import type { Tx } from '../../database';
import { latest } from '../../instant';
import { teamsOf } from '../../sla/climb';
import { isClockEntry } from '../../sla/agenda';
import type { Agreement } from '../../sla/agreement';
import type { Fact } from '../fact';
import type { Linked } from '../links';
import type { Category, Context, Need, OwnNeed, Person, Process } from '../rules';
import type { Service, Subject, Team } from '../rules';
import { termsOf, type Agreed, type Party } from './agreed';
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
  // A fact that comes late does not bring back what a newer version has ended.
  const asOf = latest(fact.occurredAt, party.updatedAt);
  const terms = await termsOf(tx, there, party, asOf);
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
