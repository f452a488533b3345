/**
 * Sessions: opened by signing in, carried on by refresh tokens of which each is used once, and asked for on
 * every request, so that what ends one acts at once.
 */
import { v7 as uuidv7 } from 'uuid';
import { Refusal } from '../../models/errors';
import type { Database, Tx } from '../../models/database';
import type { Duty, Role, SignedIn } from '../../models/users/actor';
import { newToken, readToken, type OpaqueToken } from './opaque-token';
import { isRequiredSql } from './second-factor/factor';
import { atTheEndOfChains, namedBySql } from './stands-for';
import { suspended } from './suspended';

export type SessionDatabase = Pick<Database, 'inOrganization' | 'once' | 'unscoped'>;

export interface Session {
  readonly actor: SignedIn;
  readonly refreshToken: string;
}

/** Where a session is used from; shown to its owner. */
export interface Device {
  readonly address: string;
  readonly userAgent: string;
}

const keptDays = 30;
/** Two tabs may send the same token at once. */
const graceSeconds = 10;

/** A new session of somebody who has proved who they are, with the second factor if they have one; undefined when they may not come in. */
export async function openSession(
  tx: Tx,
  userId: string,
  { address, userAgent }: Device,
): Promise<Session | undefined> {
  const id = uuidv7();
  await tx.rows(
    `insert into sessions (organization_id, id, user_id, address, user_agent, factor_at, expires_at)
     values ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp() + make_interval(days => $6))`,
    [tx.organizationId, id, userId, address, userAgent.slice(0, 300), keptDays],
  );
  const refreshToken = await issue(tx, userId, id);
  const [row] = await tx.rows<ActorRow>(actorSql, [tx.organizationId, id, userId]);
  return row && { actor: actorOf(row, tx.organizationId), refreshToken };
}

/** What an access token says of its bearer. */
export interface Bearer {
  readonly organizationId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** Who that is at this moment; undefined when the session or the account has ended. */
export async function bearerOf(
  database: Pick<Database, 'once'>,
  { organizationId, userId, sessionId }: Bearer,
): Promise<SignedIn | undefined> {
  const binds = [organizationId, sessionId, userId];
  const [row] = await database.once<ActorRow>(organizationId, actorSql, binds);
  return row && atTheEndOfChains(database, organizationId, actorOf(row, organizationId));
}

/** The next token of a session; throws unauthenticated. */
export async function refresh(
  database: SessionDatabase,
  text: string,
  device: Device,
): Promise<Session> {
  const token = readToken(text);
  if (token === undefined) throw ended();
  // The end of a session must be committed, so the refusal comes after the transaction.
  const next = await database.inOrganization(token.organizationId, (tx) =>
    rotate(tx, token, device),
  );
  if (next === undefined) throw ended();
  return next;
}

/** Ends the session of a token; an unknown one is no error. */
export async function signOut(database: SessionDatabase, text: string): Promise<void> {
  const token = readToken(text);
  if (token === undefined) return;
  await database.inOrganization(token.organizationId, async (tx) => {
    const row = await lock(tx, token);
    if (row !== undefined) await endSession(tx, row.session_id);
  });
}

/** Ends one; one that has ended stays as it is. */
export async function endSession(tx: Tx, id: string): Promise<void> {
  await tx.rows(
    `update sessions set ended_at = coalesce(ended_at, clock_timestamp())
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
}

/** Ends all sessions of somebody, but the one that is spared. */
export async function endSessions(tx: Tx, userId: string, spared?: string): Promise<void> {
  await tx.rows(
    `update sessions set ended_at = clock_timestamp()
      where organization_id = $1 and user_id = $2 and ended_at is null
        and id is distinct from $3::uuid`,
    [tx.organizationId, userId, spared ?? null],
  );
}

/** They have just proved who they are. */
export async function freshen(tx: Tx, sessionId: string): Promise<void> {
  await tx.rows(
    `update sessions set factor_at = clock_timestamp() where organization_id = $1 and id = $2`,
    [tx.organizationId, sessionId],
  );
}

interface TokenRow {
  readonly id: string;
  readonly session_id: string;
  readonly user_id: string;
  /** Neither expired nor ended. */
  readonly is_alive: boolean;
  /** Never used, or so lately that another tab may have done it. */
  readonly is_fresh: boolean;
}

async function rotate(tx: Tx, token: OpaqueToken, device: Device): Promise<Session | undefined> {
  const row = await lock(tx, token);
  if (row?.is_alive !== true) return undefined;
  if (!row.is_fresh) {
    await endSession(tx, row.session_id);
    return undefined;
  }
  const [actor] = await tx.rows<ActorRow>(actorSql, [
    tx.organizationId,
    row.session_id,
    row.user_id,
  ]);
  if (!actor) return undefined;
  await tx.rows(
    `update refresh_tokens set used_at = coalesce(used_at, clock_timestamp())
      where organization_id = $1 and id = $2`,
    [tx.organizationId, row.id],
  );
  await tx.rows(
    `update sessions set last_used_at = clock_timestamp(), address = $3, user_agent = $4,
            expires_at = clock_timestamp() + make_interval(days => $5)
      where organization_id = $1 and id = $2`,
    [tx.organizationId, row.session_id, device.address, device.userAgent.slice(0, 300), keptDays],
  );
  const refreshToken = await issue(tx, row.user_id, row.session_id);
  return { actor: actorOf(actor, tx.organizationId), refreshToken };
}

async function lock(tx: Tx, token: OpaqueToken): Promise<TokenRow | undefined> {
  const [row] = await tx.rows<TokenRow>(
    `select t.id, t.family_id as session_id, t.user_id,
            s.ended_at is null and t.expires_at > clock_timestamp() as is_alive,
            coalesce(t.used_at > clock_timestamp() - make_interval(secs => $3), true) as is_fresh
       from refresh_tokens t
       join sessions s on s.organization_id = t.organization_id and s.id = t.family_id
      where t.organization_id = $1 and t.token_hash = $2
        for update of t`,
    [tx.organizationId, token.hash, graceSeconds],
  );
  return row;
}

async function issue(tx: Tx, userId: string, sessionId: string): Promise<string> {
  const text = newToken(tx.organizationId);
  await tx.rows(
    `insert into refresh_tokens (organization_id, id, family_id, user_id, token_hash, expires_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6))`,
    [tx.organizationId, uuidv7(), sessionId, userId, readToken(text)?.hash, keptDays],
  );
  return text;
}

interface ActorRow {
  readonly id: string;
  readonly sessionId: string;
  readonly organizationSlug: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly granted: readonly string[] | null;
  readonly isSuspended: boolean;
  readonly duties: readonly Duty[];
  readonly hasFreshFactor: boolean;
  readonly standsFor: readonly string[] | null;
}

/** `$1` organization, `$2` session, `$3` user. */
const actorSql = `
  select u.id, s.id as "sessionId", o.slug as "organizationSlug", u.name, u.email, r.role, r.granted,
         o.suspended_at is not null as "isSuspended",
         coalesce(s.factor_at > clock_timestamp() - interval '5 minutes', false) as "hasFreshFactor",
         array_remove(array[
           case when u.must_change_password or u.password_changed_at < clock_timestamp()
                     - make_interval(days => (o.settings->>'passwordMaxAgeDays')::int)
                then 'newPassword' end,
           case when ${isRequiredSql} and not exists (
                  select 1 from second_factors f where f.organization_id = u.organization_id
                     and f.user_id = u.id and f.on_since is not null)
                then 'secondFactor' end], null) as duties,
         ${namedBySql} as "standsFor"
    from sessions s
    join users u on u.organization_id = s.organization_id and u.id = s.user_id and u.is_active
    join organizations o on o.id = s.organization_id
    cross join rights_at(u.organization_id, u.id, u.role, clock_timestamp()) r
   where s.organization_id = $1 and s.id = $2 and s.user_id = $3
     and s.ended_at is null and s.expires_at > clock_timestamp()`;

/** Throws organization_suspended: whoever has proved who they are is told. */
function actorOf(
  { isSuspended, granted, standsFor, ...row }: ActorRow,
  organizationId: string,
): SignedIn {
  if (isSuspended) throw suspended();
  return { ...row, organizationId, ...(granted && { granted }), ...(standsFor && { standsFor }) };
}

function ended(): Refusal {
  return new Refusal('unauthenticated', 'The session has ended; sign in again.');
}
