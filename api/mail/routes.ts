/** The outbox of mail, for administrators: what went out, what waits, and why. */
import { z } from 'zod';
import { toInstant } from '../../models/instant';
import { mailKinds } from '../../models/mail/words';
import { defineListing } from '../http/list/listing';
import { readRoutes, type ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import type { Route } from '../http/route';

const states = ['kept', 'sending', 'sent', 'failed'] as const;
const at = z.iso.datetime();

const Mail = z
  .object({
    id: z.uuid(),
    kind: z.enum(mailKinds),
    state: z
      .enum(states)
      .describe('Kept: not handed over, for want of an SMTP server or for a moment only.'),
    to: z.string(),
    user: Reference,
    subject: z.string(),
    text: z.string().describe('`{link}` stands where the link is put.'),
    link: z
      .string()
      .nullable()
      .describe(
        'Until it is sent, and as long as it is good: whoever has it can choose a password.',
      ),
    linkExpiresAt: at.nullable(),
    attempts: z.int(),
    lastError: z.string().nullable(),
    createdAt: at,
    sentAt: at.nullable(),
    givenUpAt: at.nullable(),
  })
  .meta({ id: 'Mail' });

type MailItem = z.infer<typeof Mail>;
type Times = 'linkExpiresAt' | 'sentAt' | 'givenUpAt';
type MailRow = Omit<MailItem, Times | 'createdAt'> &
  Readonly<Record<Times, Date | null>> & { readonly createdAt: Date };

const stateSql = `case when m.sent_at is not null then 'sent' when m.given_up_at is not null then 'failed'
                       when m.started_at is not null then 'sending' else 'kept' end`;

const mails = defineListing({
  name: 'mails',
  item: Mail,
  idSql: 'm.id',
  fields: {
    kind: { type: 'enum', column: 'm.kind', values: mailKinds, nullable: false },
    state: { type: 'enum', sql: stateSql, values: states, nullable: false },
    to: { type: 'text', column: 'm.to_address', nullable: false },
    user: { type: 'reference', column: 'm.user_id', nullable: false },
    createdAt: { type: 'instant', column: 'm.created_at', nullable: false },
    sentAt: { type: 'instant', column: 'm.sent_at' },
  },
  sorts: ['createdAt'],
  defaultSort: '-createdAt',
});

export function mailRoutes(sources: ListSources): Route[] {
  return readRoutes<MailRow>(sources, {
    path: '/mails',
    tag: 'Administration',
    one: 'mail',
    many: 'mails',
    access: 'mail:read',
    listing: mails,
    item: Mail,
    select: `m.id, m.kind, ${stateSql} as state, m.to_address as "to", m.subject, m.text,
             case when m.sent_at is null and m.link_expires_at > clock_timestamp() then m.link end as link,
             m.link_expires_at as "linkExpiresAt", m.attempts, m.last_error as "lastError",
             m.created_at as "createdAt", m.sent_at as "sentAt", m.given_up_at as "givenUpAt",
             ${referenceSql('u')} as "user"`,
    from: 'mails m join users u on u.organization_id = m.organization_id and u.id = m.user_id',
    present: presentMail,
  });
}

function presentMail(row: MailRow): MailItem {
  const { id, kind, state, to, user, subject, text, link, attempts, lastError } = row;
  return {
    ...{ id, kind, state, to, user, subject, text, link, attempts, lastError },
    linkExpiresAt: row.linkExpiresAt && toInstant(row.linkExpiresAt),
    createdAt: toInstant(row.createdAt),
    sentAt: row.sentAt && toInstant(row.sentAt),
    givenUpAt: row.givenUpAt && toInstant(row.givenUpAt),
  };
}
