/** Somebody leaves: the account ends, and later nobody knows any more who it was. */
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { tellOfLeaving } from '../../models/notifications/leaving';
import { releaseTickets } from '../../models/tickets/kernel/release';
import { anonymise, formerName } from '../../models/users/anonymise';
import { endLinks } from '../auth/link-token';
import { forgetFailures } from '../auth/lockout';
import { endSessions } from '../auth/session';
import type { By } from '../http/request';
import { defineRoute, type Route } from '../http/route';
import { accountParams, activate, note } from './account';
import type { Account, On, PeopleSources } from './account';
import { refuseLastAdministrator } from './changes';

/** Their sessions and links end, their open tickets fall to the teams, the other administrators are told. */
export async function deactivate(tx: Tx, by: By, account: Account): Promise<void> {
  const { id } = account;
  await refuseLastAdministrator(tx, id);
  await activate(tx, id, false);
  await endSessions(tx, id);
  await endLinks(tx, id);
  const openTickets = await releaseTickets(tx, id);
  await tellOfLeaving(tx, account, { openTickets, cause: by.request.id, byId: by.actor.id });
  await note(tx, by, account, {
    action: 'person.deactivated',
    before: { isActive: true },
    after: { isActive: false, openTickets },
  });
}

export function deleteRoute({ database }: PeopleSources, on: On): Route {
  return defineRoute({
    method: 'delete',
    path: '/users/{id}',
    tag: 'People',
    access: 'user:manage',
    freshFactor: true,
    ifMatch: false,
    summary: 'Make somebody who has left unknown, for good.',
    description: `Only of an account that has ended. Tickets and comments stay, of a "${formerName}".`,
    params: accountParams,
    reply: { status: 204, description: 'Nobody knows who it was.' },
    handle: async ({ actor, params: { id }, request }) => {
      const by = { actor, request };
      const { email } = await on(by, id, async (tx, account) => {
        if (!account.isDeleted) await erase(tx, by, account);
        return account;
      });
      await forgetFailures(database, email);
      return {};
    },
  });
}

/** Whoever has left is no administrator any more, so the last one cannot be among them. */
async function erase(tx: Tx, by: By, { id, isActive }: Account): Promise<void> {
  if (isActive) throw new Refusal('conflict', 'The account is open: deactivate it first.');
  await anonymise(tx, id);
  await note(tx, by, { id, name: formerName }, { action: 'person.deleted' });
}
