/** Finds tickets by the names that people type, across organizations: for operations only. */
import type { Database } from '../../database';
import { Refusal } from '../../errors';

export interface Named {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly type: string;
  /** `acme/incident/INC0000042`, which is also the id of its life. */
  readonly name: string;
}

export interface Organization {
  readonly id: string;
  readonly slug: string;
}

export function organizationsOf(database: Database): Promise<Organization[]> {
  return database.unscoped<Organization>('select id, slug from organization_directory()');
}

/** A ticket by id, `acme/incident/INC0000042` or `acme/INC0000042`; a Refusal when there is no such one. */
export async function findNamed(database: Database, wanted: string): Promise<Named> {
  const parts = wanted.split('/');
  const found =
    parts.length === 2 ? await byNumber(database, parts) : await byName(database, wanted);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) {
    throw new Refusal(
      'conflict',
      `${wanted} is one of: ${found.map(({ name }) => name).join(', ')}.`,
    );
  }
  throw new Refusal(
    'not_found',
    `There is no ticket ${wanted}. Name it by its id, acme/incident/INC0000042 or acme/INC0000042.`,
  );
}

async function byName(database: Database, wanted: string): Promise<Named[]> {
  const rows = await database.unscoped<{ organization_id: string; ticket_id: string }>(
    'select * from find_tickets($1)',
    [wanted.includes('/') ? wanted : wanted.toLowerCase()],
  );
  const organizations = rows.length === 0 ? [] : await organizationsOf(database);
  const found = await Promise.all(
    rows.map(({ organization_id, ticket_id }) =>
      named(
        database,
        organizations.filter(({ id }) => id === organization_id),
        'id',
        ticket_id,
      ),
    ),
  );
  return found.flat();
}

async function byNumber(database: Database, [slug, number = '']: string[]): Promise<Named[]> {
  const organizations = await organizationsOf(database);
  return named(
    database,
    organizations.filter((one) => one.slug === slug),
    'number',
    number,
  );
}

async function named(
  database: Database,
  organizations: readonly Organization[],
  column: 'id' | 'number',
  value: string,
): Promise<Named[]> {
  const found = await Promise.all(
    organizations.map(({ id: organizationId, slug }) =>
      database.inOrganization(organizationId, async (tx) => {
        const rows = await tx.rows<{ ticketId: string; type: string; number: string }>(
          `select id as "ticketId", type, number from tickets where organization_id = $1 and ${column} = $2`,
          [organizationId, value],
        );
        return rows.map(({ ticketId, type, number }) => ({
          ...{ organizationId, ticketId, type },
          name: `${slug}/${type}/${number}`,
        }));
      }),
    ),
  );
  return found.flat();
}

const pageSize = 500;
const zero = '00000000-0000-0000-0000-000000000000';

/** Every unsettled ticket of every organization by its name, read page by page. */
export async function* unsettledNamed(database: Database): AsyncGenerator<Named> {
  for (const organization of await organizationsOf(database)) {
    let last = zero;
    for (;;) {
      const page = await unsettledAfter(database, organization, last);
      yield* page;
      const end = page.at(-1);
      if (!end || page.length < pageSize) break;
      last = end.ticketId;
    }
  }
}

function unsettledAfter(database: Database, { id, slug }: Organization, last: string) {
  return database.inOrganization(id, (tx) =>
    tx.rows<Named>(
      `select organization_id as "organizationId", id as "ticketId", type,
              $2 || '/' || type || '/' || number as name
         from tickets where organization_id = $1 and not is_settled and id > $3
        order by id limit ${pageSize}`,
      [id, slug, last],
    ),
  );
}

export async function isUnsettled(database: Database, ticket: Named): Promise<boolean> {
  const found = await database.inOrganization(ticket.organizationId, (tx) =>
    tx.rows('select 1 from tickets where organization_id = $1 and id = $2 and not is_settled', [
      ticket.organizationId,
      ticket.ticketId,
    ]),
  );
  return found.length > 0;
}
