/** Hands a mail to the SMTP server of the installation. */
import { createTransport } from 'nodemailer';
import { textWith } from '../../models/mail/words';
import type { Mail } from '../../models/mail/outbox';

/** Throws Undeliverable when the server will never take it, anything else when it may later. */
export type Post = (mail: Mail) => Promise<void>;

export class Undeliverable extends Error {
  override name = 'Undeliverable';
}

export interface PostOptions {
  /** `smtp://user:password@host:port`, as nodemailer reads it. */
  readonly url: string;
  /** The sender: `Service desk <desk@example.org>`. */
  readonly from: string;
  /** How long an attempt may take. */
  readonly attemptMs?: number;
}

/** Well below the time that an attempt has (workflows/mail.ts): two attempts never run at once. */
const usualAttemptMs = 20_000;
const timeouts = { dnsTimeout: 5_000, connectionTimeout: 10_000, greetingTimeout: 10_000 };

export function smtpPost({ url, from, attemptMs = usualAttemptMs }: PostOptions): Post {
  const transport = createTransport({
    url,
    ...timeouts,
    socketTimeout: attemptMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ id, to, subject, text, link }) => {
    try {
      await transport.sendMail({
        from,
        // Not as text: an address that reads like two would be two.
        to: { name: '', address: to },
        subject,
        text: textWith(text, link),
        messageId: messageIdOf(id, from),
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.timeout(attemptMs),
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw isForGood(error) ? new Undeliverable(message) : new Error(message);
    }
  };
}

/** The same for each attempt: whoever gets two can tell that they are one. */
export function messageIdOf(mailId: string, from: string): string {
  const [, domain = 'localhost'] = /@([^\s<>@]+)>?\s*$/.exec(from) ?? [];
  return `<${mailId}@${domain}>`;
}

/** What the server said of this recipient or this message; that it does not know us may be mended. */
function isForGood(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { responseCode, command, code } = error as Error & Partial<Record<string, unknown>>;
  // No mail server was asked: nodemailer takes this for no address.
  if (code === 'EENVELOPE' && command === 'API') return error.message.includes('recipient');
  if (command !== 'RCPT TO' && command !== 'DATA') return false;
  return typeof responseCode === 'number' && responseCode >= 500 && responseCode < 600;
}
