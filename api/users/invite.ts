/** An invitation, and the record of who sent it. */
import { recordAct } from '../../models/audit/record';
import type { Tx } from '../../models/database';
import { doerOf, type By } from '../http/request';
import type { Change } from '../http/resource/resource';
import type { MailDesk } from '../mail/desk';
import { writeInvitation } from '../mail/letters';

interface Invited {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** To be handed over after the commit. */
export async function invite(tx: Tx, desk: MailDesk, by: By, { id, name, email }: Invited) {
  await writeInvitation(tx, desk, { id, email }, by.actor.name);
  const target = { type: 'person', id, name };
  await recordAct(tx, doerOf(by), { action: 'person.invited', target });
}

/** Whoever is new, is to sign in, and was given no password, chooses one. */
export async function inviteNew(tx: Tx, desk: MailDesk, change: Change): Promise<void> {
  const { id, input } = change;
  const { name, email, password, login } = input;
  if (password !== undefined || login === false) return;
  await invite(tx, desk, change, { id, name: String(name), email: String(email) });
}
