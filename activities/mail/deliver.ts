/**
 * One attempt to send a mail. At least once, as SMTP has it: when the worker dies after the server took the
 * mail and before the row says so, it is sent again, with the same Message-ID. What the row says was sent
 * is never sent again.
 */
import type { Logger } from 'pino';
import type { Database, Tx } from '../../models/database';
import { markFailed, markSent, takeMail, type Mail } from '../../models/mail/outbox';
import type { Delivery, MailActivities } from '../../workflows/mail';
import { Undeliverable, type Post } from './post';

export interface DeliverDeps {
  readonly database: Pick<Database, 'inOrganization'>;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Absent: there is no SMTP server (any more). */
  readonly post: Post | undefined;
}

export function createDeliver(deps: DeliverDeps): MailActivities['deliver'] {
  return async ({ organizationId, mailId, until }) => {
    const within = <T>(work: (tx: Tx) => Promise<T>) =>
      deps.database.inOrganization(organizationId, work);
    const mail = await within((tx) => takeMail(tx, mailId));
    if (mail === undefined) return;
    const failure = await attempt(deps, mail, until);
    if (failure === undefined) {
      await within((tx) => markSent(tx, mailId));
      deps.log.info({ mailId, kind: mail.kind }, 'mail sent');
      return;
    }
    await within((tx) => markFailed(tx, mailId, failure));
    const { forGood } = failure;
    deps.log.warn({ mailId, kind: mail.kind, forGood }, 'mail not sent');
    // Neither in the log nor in the engine's history: the reason may name people.
    if (!forGood) throw new Error('Not sent: mails.last_error says why.');
  };
}

interface Failure {
  readonly reason: string;
  readonly forGood: boolean;
}

async function attempt(
  { post, now }: DeliverDeps,
  mail: Mail,
  until: Delivery['until'],
): Promise<Failure | undefined> {
  if (mail.isPointless) return { reason: 'Its link ended before it was sent.', forGood: true };
  try {
    if (post === undefined) throw new Error('There is no SMTP_URL.');
    await post(mail);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const reason = withoutSecret(said, mail.link);
    return { reason, forGood: error instanceof Undeliverable || now().toISOString() >= until };
  }
}

/** Filters of mail quote what they dislike; the secret of the link is at its end. */
function withoutSecret(said: string, link: string | null): string {
  const secret = link?.slice(link.lastIndexOf('.') + 1) ?? '';
  return secret === '' ? said : said.replaceAll(secret, '…');
}
