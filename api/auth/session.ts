/** Sessions as families of refresh tokens: each is used once, and a used one that comes back ends its family. */
import { v7 as uuidv7 } from 'uuid';
import { Refusal } from '../../models/errors';
import type { Database, Tx } from '../../models/database';
import type { Actor, Role } from '../../models/users/actor';
import { passwordMatches } from './password';
import { newRefreshToken, readRefreshToken, type RefreshToken } from './refresh-token';

export type SessionDatabase = Pick<Database, 'inOrganization' | 'unscoped'>;

export interface Session {
  readonly actor: Actor;
  readonly refreshToken: string;
}

const keptDays = 30;
/** Two tabs may send the same token at once. */
const graceSeconds = 10;

interface LoginRow {
  readonly organization_id: string;
  readonly organization_slug: string;
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly password_hash: string;
  readonly is_active: boolean;
}

/** A new session; throws unauthenticated, the same for an unknown address and a wrong password. */
export async function signIn(
  database: SessionDatabase,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Session> {
  const login = await findLogin(database, email);
  const matches = await passwordMatches(password, login?.password_hash);
  if (login?.is_active !== true || !matches) {
    throw new Refusal('unauthenticated', 'Email or password is wrong.');
  }
  const actor = actorOf(login);
  const refreshToken = await database.inOrganization(actor.organizationId, (tx) =>
    issue(tx, actor.id, uuidv7()),
  );
  return { actor, refreshToken };
}

/** The next token of a session; throws unauthenticated. */
export async function refresh(database: SessionDatabase, text: string): Promise<Session> {
  const token = readRefreshToken(text);
  if (token === undefined) throw ended();
  // The end of a family must be committed, so the refusal comes after the transaction.
  const next = await database.inOrganization(token.organizationId, (tx) => rotate(tx, token));
  if (next === undefined) throw ended();
  const login = await findLogin(database, next.email);
  if (login?.is_active !== true || login.user_id !== next.userId) throw ended();
  return { actor: actorOf(login), refreshToken: next.refreshToken };
}

/** Ends the session of a token; an unknown one is no error. */
export async function signOut(database: SessionDatabase, text: string): Promise<void> {
  const token = readRefreshToken(text);
  if (token === undefined) return;
  await database.inOrganization(token.organizationId, async (tx) => {
    const row = await lock(tx, token);
    if (row !== undefined) await revokeFamily(tx, row.family_id);
  });
}

interface TokenRow {
  readonly id: string;
  readonly family_id: string;
  readonly user_id: string;
  readonly email: string;
  /** Neither expired nor revoked. */
  readonly is_alive: boolean;
  /** Never used, or so lately that another tab may have done it. */
  readonly is_fresh: boolean;
}

async function rotate(tx: Tx, token: RefreshToken) {
  const row = await lock(tx, token);
  if (row?.is_alive !== true) return undefined;
  if (!row.is_fresh) {
    await revokeFamily(tx, row.family_id);
    return undefined;
  }
  await tx.rows(
    `update refresh_tokens set used_at = coalesce(used_at, clock_timestamp())
      where organization_id = $1 and id = $2`,
    [tx.organizationId, row.id],
  );
  const refreshToken = await issue(tx, row.user_id, row.family_id);
  return { userId: row.user_id, email: row.email, refreshToken };
}

async function lock(tx: Tx, token: RefreshToken): Promise<TokenRow | undefined> {
  const [row] = await tx.rows<TokenRow>(
    `select t.id, t.family_id, t.user_id, u.email,
            t.revoked_at is null and t.expires_at > clock_timestamp() as is_alive,
            coalesce(t.used_at > clock_timestamp() - make_interval(secs => $3), true) as is_fresh
       from refresh_tokens t
       join users u on u.organization_id = t.organization_id and u.id = t.user_id
      where t.organization_id = $1 and t.token_hash = $2
        for update of t`,
    [tx.organizationId, token.hash, graceSeconds],
  );
  return row;
}

async function revokeFamily(tx: Tx, familyId: string): Promise<void> {
  await tx.rows(
    `update refresh_tokens set revoked_at = clock_timestamp()
      where organization_id = $1 and family_id = $2 and revoked_at is null`,
    [tx.organizationId, familyId],
  );
}

async function issue(tx: Tx, userId: string, familyId: string): Promise<string> {
  const text = newRefreshToken(tx.organizationId);
  await tx.rows(
    `insert into refresh_tokens (organization_id, id, family_id, user_id, token_hash, expires_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6))`,
    [tx.organizationId, uuidv7(), familyId, userId, readRefreshToken(text)?.hash, keptDays],
  );
  return text;
}

async function findLogin(database: SessionDatabase, email: string): Promise<LoginRow | undefined> {
  const [login] = await database.unscoped<LoginRow>('select * from find_login($1)', [email]);
  return login;
}

function actorOf(login: LoginRow): Actor {
  return {
    id: login.user_id,
    organizationId: login.organization_id,
    organizationSlug: login.organization_slug,
    name: login.name,
    email: login.email,
    role: login.role,
  };
}

function ended(): Refusal {
  return new Refusal('unauthenticated', 'The session has ended; sign in again.');
}
