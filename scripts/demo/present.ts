/** What of a story is in the database already, and whether its people have the password. */
import { passwordMatches } from '../../api/auth/password';
import type { Database } from '../../models/database';
import { type Instant, toInstant } from '../../models/instant';
import { organizationIdOf } from '../../models/organizations/found';
import { actorOf } from './cast';
import { deedsOf, type Plot } from './deed';
import type { Cast } from './story';

export interface Present {
  readonly foundedAt: Instant;
  readonly hasEverybody: boolean;
  /** Causes that are done or were refused. */
  readonly past: ReadonlySet<string>;
  /** Of one of the people. */
  readonly passwordHash: string | undefined;
}

interface PresentRow {
  foundedAt: Date;
  people: number;
  past: string[];
  passwordHash: string | null;
}

/** One query by indexes; undefined when the organization is not founded. */
export function lookFor(
  database: Database,
  cast: Cast,
  plots: readonly Plot[],
): Promise<Present | undefined> {
  const ids = idsOf(cast);
  const causes = plots.flatMap(deedsOf).map(({ cause }) => cause);
  return database.inOrganization(organizationIdOf(cast.slug), async (tx) => {
    const [row] = await tx.rows<PresentRow>(
      `select o.created_at as "foundedAt",
              (select count(*)::int from users
                where organization_id = o.id and id = any($2::uuid[])) as people,
              (select password_hash from users
                where organization_id = o.id and id = $3) as "passwordHash",
              array(select cause from ticket_events
                     where organization_id = o.id and cause = any($4::text[])
                     union
                    select cause from ticket_refusals
                     where organization_id = o.id and cause = any($4::text[])
                     union
                    select id::text from catalog_categories
                     where organization_id = o.id and id::text = any($4::text[])
                     union
                    select id::text from orders
                     where organization_id = o.id and id::text = any($4::text[])
                     union
                    select unnest(array[id::text, case when state <> 'draft' then id || '/published' end])
                      from catalog_items where organization_id = o.id) as past
         from organizations o where o.id = $1`,
      [tx.organizationId, ids, ids[0], causes],
    );
    if (!row) return undefined;
    return {
      foundedAt: toInstant(row.foundedAt),
      hasEverybody: row.people === ids.length,
      past: new Set(row.past),
      passwordHash: row.passwordHash ?? undefined,
    };
  });
}

export function hasPassword({ passwordHash }: Present, password: string): Promise<boolean> {
  return passwordMatches(password, passwordHash);
}

/** Gives all people of the cast one password. */
export async function setPassword(
  database: Database,
  cast: Cast,
  passwordHash: string,
): Promise<void> {
  await database.inOrganization(organizationIdOf(cast.slug), (tx) =>
    tx.rows(
      `update users set password_hash = $3 where organization_id = $1 and id = any($2::uuid[])`,
      [tx.organizationId, idsOf(cast), passwordHash],
    ),
  );
}

function idsOf(cast: Cast): string[] {
  return cast.people.map(({ login }) => actorOf(cast, login).id);
}
