/** Signing in with email and password. */
import { Refusal } from '../../models/errors';
import type { MailDesk } from '../mail/desk';
import { tellOfLockout } from '../mail/letters';
import { failuresIn, forgetFailures, guarded } from './lockout';
import { passwordMatches } from './password';
import { newChallenge } from './second-factor/challenge';
import { holdOff, isOn } from './second-factor/factor';
import { openSession, type Device, type Session, type SessionDatabase } from './session';

interface LoginRow {
  readonly organization_id: string;
  readonly user_id: string;
  /** Null: somebody who has no login. */
  readonly password_hash: string | null;
  readonly is_active: boolean;
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** The challenge is for whoever has a second factor: it becomes a session with a code. */
export type SignedIn = { readonly session: Session } | { readonly challenge: string };

export interface SignInSources {
  readonly database: SessionDatabase;
  readonly desk: MailDesk;
}

/**
 * A new session, or what is still to come. Throws unauthenticated, with the same words and after the same
 * work for an unknown address, a wrong password, a locked address and an account that has ended. Whose address
 * gets locked is told by mail, after the answer.
 */
export async function signIn(
  { database, desk }: SignInSources,
  credentials: Credentials,
  device: Device,
): Promise<SignedIn> {
  const { email } = credentials;
  const told = () => {
    tellOfLockout({ database, desk }, email);
  };
  const login = await guarded(database, email, () => loginOf(database, credentials), told);
  if (login === undefined) throw refused();
  const { organization_id: organizationId, user_id: userId } = login;
  const came = await database.inOrganization(organizationId, async (tx) => {
    const [, hasFactor] = await Promise.all([holdOff(tx, userId), isOn(tx, userId)]);
    // Failures are forgotten with the last proof only: or a password would buy any number of codes.
    if (hasFactor) return { challenge: await newChallenge(tx, userId) };
    const [opened] = await Promise.all([
      openSession(tx, userId, device),
      forgetFailures(failuresIn(tx), email),
    ]);
    return opened;
  });
  if (came === undefined) throw refused();
  return 'challenge' in came ? came : { session: came };
}

async function loginOf(
  database: SessionDatabase,
  { email, password }: Credentials,
): Promise<LoginRow | undefined> {
  const [login] = await database.unscoped<LoginRow>('select * from find_login($1)', [email]);
  const matches = await passwordMatches(password, login?.password_hash ?? undefined);
  return login?.is_active === true && matches ? login : undefined;
}

function refused(): Refusal {
  return new Refusal(
    'unauthenticated',
    'Email or password is wrong, or too many attempts have locked the account for a while.',
  );
}
