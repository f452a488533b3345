/** Who comes with an API token, at this moment. One statement, as every request asks. */
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import type { Actor, Role } from '../../models/users/actor';
import { atTheEndOfChains, namedBySql } from '../auth/stands-for';
import { suspended } from '../auth/suspended';
import { readApiToken } from './token';

interface BearerRow {
  readonly id: string;
  readonly tokenId: string;
  readonly organizationSlug: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly granted: readonly string[] | null;
  readonly scopes: readonly string[];
  readonly isSuspended: boolean;
  readonly isFromKnownAddress: boolean;
  readonly isToBeNoted: boolean;
  readonly standsFor: readonly string[] | null;
}

/** `$1` organization, `$2` hash of the token, `$3` address of the caller. */
const bearerSql = `
  select u.id, t.id as "tokenId", o.slug as "organizationSlug", u.name, u.email, r.role, r.granted,
         t.scopes, o.suspended_at is not null as "isSuspended",
         t.addresses is null or exists (
           select from unnest(t.addresses) a where $3::inet <<= a) as "isFromKnownAddress",
         coalesce(t.last_used_at < clock_timestamp() - interval '1 minute', true) as "isToBeNoted",
         ${namedBySql} as "standsFor"
    from api_tokens t
    join users u on u.organization_id = t.organization_id and u.id = t.user_id and u.is_active
    join organizations o on o.id = t.organization_id
    cross join rights_at(u.organization_id, u.id, u.role, clock_timestamp()) r
   where t.organization_id = $1 and t.token_hash = $2 and t.revoked_at is null
     and coalesce(t.expires_at > clock_timestamp(), true)`;

/** Once a minute: a write for every request cost a seventh of a read. */
const noteSql = `
  update api_tokens set last_used_at = clock_timestamp(), last_used_from = $3
   where organization_id = $1 and id = $2`;

/** Undefined for a token that is none, or has ended. Throws forbidden and organization_suspended. */
export async function tokenBearer(
  database: Pick<Database, 'once'>,
  text: string,
  address: string,
): Promise<Actor | undefined> {
  const token = readApiToken(text);
  if (token === undefined) return undefined;
  const { organizationId, hash } = token;
  const from = plain(address);
  const binds = [organizationId, hash, from];
  const [row] = await database.once<BearerRow>(organizationId, bearerSql, binds);
  if (row === undefined) return undefined;
  const { isSuspended, isFromKnownAddress, isToBeNoted, granted, standsFor, ...who } = row;
  if (isToBeNoted)
    await database.once(organizationId, noteSql, [organizationId, who.tokenId, from]);
  if (!isFromKnownAddress)
    throw new Refusal('forbidden', 'This token may not be used from this address.');
  if (isSuspended) throw suspended();
  return atTheEndOfChains(database, organizationId, {
    ...who,
    organizationId,
    sessionId: null,
    duties: [],
    hasFreshFactor: false,
    ...(granted && { granted }),
    ...(standsFor && { standsFor }),
  });
}

/** An IPv4 address that came by a socket for both families is written as one of IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
