/** What an administrator does to the account of somebody, whether to one or to many. */
import { forgetFailures } from '../auth/lockout';
import type { By } from '../http/request';
import { activate, isDeleted, note, type On, type PeopleSources } from './account';
import { deactivate } from './leaving';

export const accountActNames = ['deactivate', 'activate', 'unlock'] as const;

export type AccountActs = Readonly<
  Record<(typeof accountActNames)[number], (by: By, id: string) => Promise<object>>
>;

export function accountActs(database: PeopleSources['database'], on: On): AccountActs {
  return {
    deactivate: async (by, id) => {
      await on(by, id, async (tx, account) => {
        if (account.isActive) await deactivate(tx, by, account);
      });
      return {};
    },
    activate: async (by, id) => {
      await on(by, id, async (tx, account) => {
        if (account.isActive) return;
        if (account.isDeleted) throw isDeleted();
        await activate(tx, id, true);
        await note(tx, by, account, { action: 'person.activated' });
      });
      return {};
    },
    unlock: async (by, id) => {
      const account = await on(by, id, async (tx, found) => {
        await note(tx, by, found, { action: 'person.unlocked' });
        return found;
      });
      await forgetFailures(database, account.email);
      return {};
    },
  };
}
