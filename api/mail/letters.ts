/** Who is written to, and when: each mail in the transaction of its cause. */
import type { Database, Tx } from '../../models/database';
import { toInstant } from '../../models/instant';
import { addresseeOf, mayWriteTo, writeMail } from '../../models/mail/outbox';
import { invitationWords, lockoutWords, resetWords, type Addressee } from '../../models/mail/words';
import type { Words } from '../../models/mail/words';
import { issueLink, type Purpose } from '../auth/link-token';
import { failuresIn, lockedUntil } from '../auth/lockout';
import type { MailDesk } from './desk';

export interface LetterSources {
  readonly database: Pick<Database, 'inOrganization' | 'unscoped'>;
  readonly desk: MailDesk;
}

interface Recipient {
  readonly id: string;
  readonly email: string;
}

/** A mail is not repeated before that, however often somebody asks for it. */
const pauseMinutes = { passwordReset: 5, lockout: 15 };

/** Their earlier links are dead. To be handed over after the commit: `desk.handOver()`. */
export async function writeInvitation(
  tx: Tx,
  { publicUrl }: MailDesk,
  person: Recipient,
  by: string,
): Promise<void> {
  const words = invitationWords(await addressee(tx, person), by);
  await writeWithLink(tx, publicUrl, person, { kind: 'invitation', words });
}

/** For an address that somebody says is theirs. Nothing for one that nobody has, or that has no password. */
export async function writeReset({ database, desk }: LetterSources, email: string): Promise<void> {
  const account = await accountOf(database, email);
  if (account === undefined) return;
  await database.inOrganization(account.organizationId, async (tx) => {
    if (!(await mayWriteTo(tx, account.id, 'passwordReset', pauseMinutes.passwordReset))) return;
    const words = resetWords(await addressee(tx, account));
    await writeWithLink(tx, desk.publicUrl, account, { kind: 'passwordReset', words });
  });
  desk.handOver();
}

/** Tells the owner of an address that it is locked, after the answer; nothing when nobody has it. */
export function tellOfLockout({ database, desk }: LetterSources, email: string): void {
  desk.afterwards('lockout mail', async () => {
    const account = await accountOf(database, email);
    if (account === undefined) return;
    await database.inOrganization(account.organizationId, (tx) => writeLockout(tx, account));
    desk.handOver();
  });
}

/** To somebody whose address is locked. To be handed over after the commit. */
export async function writeLockout(tx: Tx, person: Recipient): Promise<void> {
  const until = await lockedUntil(failuresIn(tx), person.email);
  if (until === undefined) return;
  if (!(await mayWriteTo(tx, person.id, 'lockout', pauseMinutes.lockout))) return;
  const words = lockoutWords(await addressee(tx, person), toInstant(until));
  await writeMail(tx, { kind: 'lockout', userId: person.id, to: person.email, words });
}

async function writeWithLink(
  tx: Tx,
  publicUrl: string,
  { id, email }: Recipient,
  { kind, words }: { readonly kind: Purpose; readonly words: Words },
): Promise<void> {
  const { text, expiresAt } = await issueLink(tx, { id, email }, kind);
  // Behind the #: no server on the way, and no log, gets to see it.
  const link = { url: `${publicUrl}/set-password#token=${text}`, expiresAt };
  await writeMail(tx, { kind, userId: id, to: email, words, link });
}

async function addressee(tx: Tx, { id }: Recipient): Promise<Addressee> {
  const found = await addresseeOf(tx, id);
  if (found === undefined) throw new Error(`There is no person ${id}`);
  return found;
}

interface Account extends Recipient {
  readonly organizationId: string;
}

/** Somebody who can sign in with this address. */
async function accountOf(
  database: Pick<Database, 'unscoped'>,
  email: string,
): Promise<Account | undefined> {
  const [account] = await database.unscoped<Account>(
    `select organization_id as "organizationId", user_id as id, email from find_login($1)
      where is_active and password_hash is not null`,
    [email],
  );
  return account;
}
