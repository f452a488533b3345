/** What an administrator does to the account of somebody, whether to one or to many. */
import { recordAct, type Act } from '../../models/audit/record';
import type { Database, Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { refuseOver } from '../../models/users/escalation';
import type { Permission } from '../../models/users/permissions';
import { endLinks } from '../auth/link-token';
import { forgetFailures } from '../auth/lockout';
import { endSessions } from '../auth/session';
import type { ListSources } from '../http/list/readable';
import { doerOf, type By } from '../http/request';
import type { MailDesk } from '../mail/desk';
import { refuseLastAdministrator } from './changes';

export interface PeopleSources extends ListSources {
  readonly database: Pick<Database, 'inOrganization' | 'once' | 'unscoped'>;
  readonly permissions: readonly Permission[];
  readonly desk: MailDesk;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly hasPassword: boolean;
}

/** Works on the account of somebody in a transaction. Throws not_found, and forbidden for somebody who holds more. */
export type On = <T>(
  by: By,
  id: string,
  work: (tx: Tx, account: Account) => Promise<T>,
) => Promise<T>;

export function onAccounts({ database, permissions }: PeopleSources): On {
  return (by, id, work) =>
    database.inOrganization(by.actor.organizationId, async (tx) => {
      const account = await held(tx, id);
      await refuseOver(tx, by.actor, id, permissions);
      return work(tx, account);
    });
}

export const accountActNames = ['deactivate', 'activate', 'unlock'] as const;

export type AccountActs = Readonly<
  Record<(typeof accountActNames)[number], (by: By, id: string) => Promise<object>>
>;

export function accountActs(database: PeopleSources['database'], on: On): AccountActs {
  return {
    deactivate: async (by, id) => {
      await on(by, id, (tx, account) => deactivate(tx, by, account));
      return {};
    },
    activate: async (by, id) => {
      await on(by, id, async (tx, account) => {
        if (account.isActive) return;
        await activate(tx, id, true);
        await note(tx, by, account, 'person.activated');
      });
      return {};
    },
    unlock: async (by, id) => {
      const account = await on(by, id, async (tx, found) => {
        await note(tx, by, found, 'person.unlocked');
        return found;
      });
      await forgetFailures(database, account.email);
      return {};
    },
  };
}

async function deactivate(tx: Tx, by: By, account: Account): Promise<void> {
  const { id, isActive } = account;
  if (!isActive) return;
  await refuseLastAdministrator(tx, id);
  await activate(tx, id, false);
  await endSessions(tx, id);
  await endLinks(tx, id);
  await note(tx, by, account, 'person.deactivated');
}

async function held(tx: Tx, id: string): Promise<Account> {
  const [account] = await tx.rows<Account>(
    `select id, name, email, is_active as "isActive", password_hash is not null as "hasPassword" from users
      where organization_id = $1 and id = $2 and not is_service for no key update`,
    [tx.organizationId, id],
  );
  if (!account) throw new Refusal('not_found', 'There is no such person.');
  return account;
}

async function activate(tx: Tx, id: string, isActive: boolean): Promise<void> {
  await tx.rows(
    `update users set is_active = $3, revision = revision + 1
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, isActive],
  );
}

export async function note(
  tx: Tx,
  by: By,
  { id, name }: Account,
  action: Act['action'],
): Promise<void> {
  await recordAct(tx, doerOf(by), { action, target: { type: 'person', id, name } });
}
