/** Accounts of others: deactivate, activate, unlock, invite, a new password, and an end of a lost second factor. */
import { z } from 'zod';
import { recordAct, type Act } from '../../models/audit/record';
import type { Database, Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { refuseOver } from '../../models/users/escalation';
import type { Permission } from '../../models/users/permissions';
import { changePassword } from '../auth/change-password';
import { endLinks } from '../auth/link-token';
import { forgetFailures } from '../auth/lockout';
import { takeAway } from '../auth/second-factor/factor';
import { endSessions } from '../auth/session';
import { Password } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { doerOf, type By } from '../http/request';
import { defineRoute, type Route } from '../http/route';
import type { MailDesk } from '../mail/desk';
import { refuseLastAdministrator } from './changes';
import { invite } from './invite';

export interface PeopleSources extends ListSources {
  readonly database: Pick<Database, 'inOrganization' | 'once' | 'unscoped'>;
  readonly permissions: readonly Permission[];
  readonly desk: MailDesk;
}

interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly hasPassword: boolean;
}

const params = z.strictObject({ id: z.uuid() });
const action = (name: string) =>
  ({
    method: 'post',
    path: `/users/{id}/actions/${name}`,
    tag: 'People',
    access: 'user:manage',
    ifMatch: false,
    params,
  }) as const;

export function accountRoutes({ database, desk, permissions }: PeopleSources): Route[] {
  const on: On = (by, id, work) =>
    database.inOrganization(by.actor.organizationId, async (tx) => {
      const account = await held(tx, id);
      await refuseOver(tx, by.actor, id, permissions);
      return work(tx, account);
    });
  return [
    defineRoute({
      ...action('deactivate'),
      summary: 'End an account; its sessions end at once.',
      reply: { status: 204, description: 'It has ended.' },
      handle: async ({ actor, params: { id }, request }) => {
        const by = { actor, request };
        await on(by, id, async (tx, account) => {
          if (!account.isActive) return;
          await refuseLastAdministrator(tx, id);
          await activate(tx, id, false);
          await endSessions(tx, id);
          await endLinks(tx, id);
          await note(tx, by, account, 'person.deactivated');
        });
        return {};
      },
    }),
    defineRoute({
      ...action('activate'),
      summary: 'Open an account again.',
      reply: { status: 204, description: 'It is open.' },
      handle: async ({ actor, params: { id }, request }) => {
        const by = { actor, request };
        await on(by, id, async (tx, account) => {
          if (account.isActive) return;
          await activate(tx, id, true);
          await note(tx, by, account, 'person.activated');
        });
        return {};
      },
    }),
    unlockRoute(database, on),
    passwordRoute(database, on),
    factorRoute(on),
    inviteRoute(desk, on),
  ];
}

type On = <T>(by: By, id: string, work: (tx: Tx, account: Account) => Promise<T>) => Promise<T>;

function unlockRoute(database: PeopleSources['database'], on: On): Route {
  return defineRoute({
    ...action('unlock'),
    summary: 'Let somebody sign in again whom failures have locked out.',
    reply: { status: 204, description: 'It is unlocked.' },
    handle: async ({ actor, params: { id }, request }) => {
      const by = { actor, request };
      const account = await on(by, id, async (tx, found) => {
        await note(tx, by, found, 'person.unlocked');
        return found;
      });
      await forgetFailures(database, account.email);
      return {};
    },
  });
}

function passwordRoute(database: PeopleSources['database'], on: On): Route {
  return defineRoute({
    ...action('reset-password'),
    secret: true,
    freshFactor: true,
    summary: 'Give somebody a password, to be changed at the first sign-in.',
    description: 'All of their sessions end.',
    body: z.strictObject({ password: Password }),
    reply: { status: 204, description: 'It is set.' },
    handle: async ({ actor, params: { id }, body, request }) => {
      const by = { actor, request };
      const account = await on(by, id, (_, found) => Promise.resolve(found));
      await changePassword(
        database,
        { ...account, organizationId: actor.organizationId },
        {
          password: body.password,
          pointer: '/password',
          mustChange: true,
          alongside: (tx) => note(tx, by, account, 'person.passwordReset'),
        },
      );
      await forgetFailures(database, account.email);
      return {};
    },
  });
}

function factorRoute(on: On): Route {
  return defineRoute({
    ...action('reset-second-factor'),
    freshFactor: true,
    summary: 'Take away a second factor that somebody has lost.',
    description: 'All of their sessions end, and they sign in with the password alone.',
    reply: { status: 204, description: 'They have none.' },
    handle: async ({ actor, params: { id }, request }) => {
      const by = { actor, request };
      await on(by, id, async (tx, account) => {
        if (!(await takeAway(tx, id))) return;
        await endSessions(tx, id);
        await note(tx, by, account, 'person.secondFactorReset');
      });
      return {};
    },
  });
}

function inviteRoute(desk: MailDesk, on: On): Route {
  return defineRoute({
    ...action('invite'),
    summary: 'Send somebody a mail with a link to choose their first password.',
    description: 'The link is good for seven days; those before it are dead.',
    reply: { status: 204, description: 'It is written, and goes out.' },
    handle: async ({ actor, params: { id }, request }) => {
      const by = { actor, request };
      await on(by, id, async (tx, account) => {
        refuseInvitation(account);
        await invite(tx, desk, by, account);
      });
      desk.handOver();
      return {};
    },
  });
}

function refuseInvitation({ isActive, hasPassword }: Account): void {
  if (!isActive) throw new Refusal('conflict', 'The account has ended: activate it first.');
  if (!hasPassword) return;
  throw new Refusal('conflict', 'They can sign in already, or ask for a new password.');
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

async function note(tx: Tx, by: By, { id, name }: Account, action: Act['action']): Promise<void> {
  await recordAct(tx, doerOf(by), { action, target: { type: 'person', id, name } });
}
