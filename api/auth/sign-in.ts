/** Signing in with email and password. */
import { Refusal } from '../../models/errors';
import type { MailDesk } from '../mail/desk';
import { writeLockout } from '../mail/letters';
import { forgetFailures, noteFailure, standingOf } from './lockout';
import { passwordMatches } from './password';
import { openSession, type Device, type Session, type SessionDatabase } from './session';

interface LoginRow {
  readonly organization_id: string;
  readonly user_id: string;
  /** Null: somebody who has no login. */
  readonly password_hash: string | null;
  readonly is_active: boolean;
}

export interface SignInSources {
  readonly database: SessionDatabase;
  readonly desk: MailDesk;
}

/**
 * A new session. Throws unauthenticated, with the same words and after the same work for an unknown
 * address, a wrong password, a locked address and an account that has ended. Whose address gets locked is told
 * by mail, after the answer.
 */
export async function signIn(
  { database, desk }: SignInSources,
  { email, password }: { readonly email: string; readonly password: string },
  device: Device,
): Promise<Session> {
  const [before, [login]] = await Promise.all([
    standingOf(database, email),
    database.unscoped<LoginRow>('select * from find_login($1)', [email]),
  ]);
  const matches = await passwordMatches(password, login?.password_hash ?? undefined);
  // Others may have failed in the meantime: guesses that are made at once count like those in a row.
  const now = await standingOf(database, email);
  const isRight = login?.is_active === true && matches;
  if (before.isLocked || now.isLocked) throw refused();
  if (!isRight) {
    if (await noteFailure(database, email)) {
      desk.afterwards('lockout mail', () => writeLockout({ database, desk }, email));
    }
    throw refused();
  }
  if (now.hasFailed) await forgetFailures(database, email);
  const session = await database.inOrganization(login.organization_id, (tx) =>
    openSession(tx, login.user_id, device),
  );
  if (session === undefined) throw refused();
  return session;
}

function refused(): Refusal {
  return new Refusal(
    'unauthenticated',
    'Email or password is wrong, or too many attempts have locked the account for a while.',
  );
}
