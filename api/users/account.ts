/** Somebody's account, held while somebody else acts on it. */
import { z } from 'zod';
import { recordAct, type Act } from '../../models/audit/record';
import type { Database, Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { refuseOver } from '../../models/users/escalation';
import type { Permission } from '../../models/users/permissions';
import type { ListSources } from '../http/list/readable';
import { doerOf, type By } from '../http/request';
import type { MailDesk } from '../mail/desk';

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
  /** Nobody knows any more who it was. */
  readonly isDeleted: boolean;
}

export const accountParams = z.strictObject({ id: z.uuid() });

export const action = (name: string) =>
  ({
    method: 'post',
    path: `/users/{id}/actions/${name}`,
    tag: 'People',
    access: 'user:manage',
    ifMatch: false,
    params: accountParams,
  }) as const;

/** Works on an account that is locked until the work is done. Throws not_found and forbidden. */
export type On = <T>(
  by: By,
  id: string,
  work: (tx: Tx, account: Account) => Promise<T>,
) => Promise<T>;

export function actingOn({ database, permissions }: PeopleSources): On {
  return (by, id, work) =>
    database.inOrganization(by.actor.organizationId, async (tx) => {
      const account = await held(tx, id);
      await refuseOver(tx, by.actor, id, permissions);
      return work(tx, account);
    });
}

async function held(tx: Tx, id: string): Promise<Account> {
  const [account] = await tx.rows<Account>(
    `select id, name, email, is_active as "isActive", password_hash is not null as "hasPassword",
            deleted_at is not null as "isDeleted"
       from users where organization_id = $1 and id = $2 and not is_service for no key update`,
    [tx.organizationId, id],
  );
  if (!account) throw new Refusal('not_found', 'There is no such person.');
  return account;
}

/** For what would bring somebody back, or say who they were. */
export function isDeleted(): Refusal {
  return new Refusal('conflict', 'This person is deleted, which is for good.');
}

export async function activate(tx: Tx, id: string, isActive: boolean): Promise<void> {
  await tx.rows(
    `update users set is_active = $3, revision = revision + 1
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, isActive],
  );
}

/** What was done to whom, on record. */
export async function note(
  tx: Tx,
  by: By,
  { id, name }: Pick<Account, 'id' | 'name'>,
  act: Omit<Act, 'target'>,
): Promise<void> {
  await recordAct(tx, doerOf(by), { ...act, target: { type: 'person', id, name } });
}
