/** A task that writes to somebody: once, as the mail's id follows from the key of the work. */
import type { Database } from '../../models/database';
import { MailSend } from '../../models/fulfilment/inputs';
import { writeMail } from '../../models/mail/outbox';
import { idFrom } from '../../models/tickets/identity';
import { presentPerson } from './people';
import { taskActivity } from './scope';

export function mailActivities(database: Pick<Database, 'inOrganization'>) {
  return {
    'mail.send': taskActivity(
      MailSend,
      ({ to, subject, text }, { organizationId, ticketId, idempotencyKey }) =>
        database.inOrganization(organizationId, async (tx) => {
          const person = await presentPerson(tx, to);
          const id = idFrom(ticketId, idempotencyKey, 'mail');
          const whom = { userId: person.id, to: person.email };
          await writeMail(tx, { id, kind: 'task', ...whom, words: { subject, text } });
          return { mailId: id };
        }),
    ),
  };
}
