/** What mails say. Where the link goes stands `{link}`: the words are kept, the link only until it is sent. */
import { DateTime } from 'luxon';
import type { Instant } from '../instant';

export const mailKinds = ['invitation', 'passwordReset', 'lockout', 'task'] as const;
export type MailKind = (typeof mailKinds)[number];

export interface Words {
  readonly subject: string;
  readonly text: string;
}

/** Whom it is for, as the words name them. */
export interface Addressee {
  readonly name: string;
  readonly organizationName: string;
  /** IANA zone in which they read times. */
  readonly timezone: string;
}

const placeOfLink = '{link}';

/** `by` is the name of the administrator. */
export function invitationWords(to: Addressee, by: string): Words {
  return {
    subject: `Your account at the service desk of ${to.organizationName}`,
    text: letter(to, [
      `${by} has made an account for you at the service desk of ${to.organizationName}.`,
      'Choose a password, and you can sign in with this address:',
      placeOfLink,
      'The link can be used once, within seven days. If it has ended, ask for a new invitation.',
    ]),
  };
}

export function resetWords(to: Addressee): Words {
  return {
    subject: `A new password for the service desk of ${to.organizationName}`,
    text: letter(to, [
      'Somebody, probably you, asked for a new password for your account. Choose it here:',
      placeOfLink,
      'The link can be used once, within an hour. If it was not you, there is nothing to do: your password ' +
        'stays as it is.',
    ]),
  };
}

export function lockoutWords(to: Addressee, lockedUntil: Instant): Words {
  const until = DateTime.fromISO(lockedUntil, { zone: to.timezone, locale: 'en-GB' });
  return {
    subject: `Signing in is locked: service desk of ${to.organizationName}`,
    text: letter(to, [
      'Somebody has tried wrong passwords or codes for your account again and again. Nobody can sign in with your ' +
        `address until ${until.toFormat("d LLLL yyyy 'at' HH:mm (ZZZZ)")}; then your password and your codes are good again.`,
      'Whoever is signed in already stays so. If it was not you, tell an administrator; they can unlock ' +
        'your account before that.',
    ]),
  };
}

/** The text as it is sent. */
export function textWith(text: string, link: string | null): string {
  return link === null ? text : text.replaceAll(placeOfLink, () => link);
}

function letter({ name, organizationName }: Addressee, paragraphs: readonly string[]): string {
  const end = `Holdfast, for ${organizationName}`;
  return [`Hello ${name},`, ...paragraphs, end].join('\n\n') + '\n';
}
