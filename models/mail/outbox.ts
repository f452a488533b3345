/** The rows of mails: written in the transaction of what causes them, taken when they are sent. */
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../database';
import type { Instant } from '../instant';
import { lockFor } from '../lock';
import type { Addressee, MailKind, Words } from './words';

export interface Draft {
  /** Of what must be written once: then one that is there already stays as it is. Absent: a new one. */
  readonly id?: string;
  readonly kind: MailKind;
  readonly userId: string;
  readonly to: string;
  readonly words: Words;
  /** Absent: it has none. */
  readonly link?: { readonly url: string; readonly expiresAt: Instant };
}

export async function writeMail(
  tx: Tx,
  { id, kind, userId, to, words, link }: Draft,
): Promise<void> {
  await tx.rows(
    `insert into mails (organization_id, id, kind, user_id, to_address, subject, text, link, link_expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      ...[tx.organizationId, id ?? uuidv7(), kind, userId, to, words.subject, words.text],
      ...[link?.url ?? null, link?.expiresAt ?? null],
    ],
  );
}

/** Whether they got no mail of this kind lately; until the transaction ends nobody else writes them one. */
export async function mayWriteTo(
  tx: Tx,
  userId: string,
  kind: MailKind,
  pauseMinutes: number,
): Promise<boolean> {
  await lockFor(tx, `mail/${userId}`);
  const lately = await tx.rows(
    `select 1 from mails where organization_id = $1 and user_id = $2 and kind = $3
        and created_at > clock_timestamp() - make_interval(mins => $4) limit 1`,
    [tx.organizationId, userId, kind, pauseMinutes],
  );
  return lately.length === 0;
}

/** As words name them; undefined when there is no such person. */
export async function addresseeOf(tx: Tx, userId: string): Promise<Addressee | undefined> {
  const [row] = await tx.rows<Addressee>(
    `select u.name, o.name as "organizationName",
            coalesce(u.timezone, o.settings->>'timezone', 'UTC') as timezone
       from users u join organizations o on o.id = u.organization_id
      where u.organization_id = $1 and u.id = $2`,
    [tx.organizationId, userId],
  );
  return row;
}

export interface Mail {
  readonly id: string;
  readonly kind: MailKind;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly link: string | null;
  /** It needs a link that is no longer good. */
  readonly isPointless: boolean;
}

/** Counts an attempt; undefined when it was sent or given up, or is gone. */
export async function takeMail(tx: Tx, id: string): Promise<Mail | undefined> {
  const [mail] = await tx.rows<Mail>(
    `update mails set attempts = attempts + 1
      where organization_id = $1 and id = $2 and sent_at is null and given_up_at is null
     returning id, kind, to_address as "to", subject, text, link,
               link_expires_at is not null
                 and (link is null or link_expires_at <= clock_timestamp()) as "isPointless"`,
    [tx.organizationId, id],
  );
  return mail;
}

/** The link is gone with that: nobody but the addressee has it. */
export async function markSent(tx: Tx, id: string): Promise<void> {
  await tx.rows(
    `update mails set sent_at = clock_timestamp(), link = null, last_error = null
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
}

/** Why it was not sent; `forGood`: nobody tries again. */
export async function markFailed(
  tx: Tx,
  id: string,
  { reason, forGood }: { readonly reason: string; readonly forGood: boolean },
): Promise<void> {
  await tx.rows(
    `update mails set last_error = $3, given_up_at = case when $4 then clock_timestamp() end
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, reason.slice(0, 1_000), forGood],
  );
}
