/** Accounts of others: deactivate, activate, unlock, invite, a new password, and an end of a lost second factor. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { changePassword } from '../auth/change-password';
import { forgetFailures } from '../auth/lockout';
import { takeAway } from '../auth/second-factor/factor';
import { endSessions } from '../auth/session';
import { Password } from '../http/input/fields';
import { defineRoute, type Route } from '../http/route';
import type { MailDesk } from '../mail/desk';
import { accountActs } from './acts';
import { action, actingOn, isDeleted, note } from './account';
import type { Account, On, PeopleSources } from './account';
import { bulkRoute } from './bulk';
import { invite } from './invite';
import { deleteRoute } from './leaving';

export function accountRoutes(sources: PeopleSources): Route[] {
  const { database, desk } = sources;
  const on = actingOn(sources);
  const acts = accountActs(database, on);
  return [
    defineRoute({
      ...action('deactivate'),
      summary: 'End an account; its sessions end at once.',
      description:
        'Open tickets that they have go back to their teams, soon after; the other administrators are told.',
      reply: { status: 204, description: 'It has ended.' },
      handle: ({ actor, params: { id }, request }) => acts.deactivate({ actor, request }, id),
    }),
    deleteRoute(sources, on),
    defineRoute({
      ...action('activate'),
      summary: 'Open an account again.',
      reply: { status: 204, description: 'It is open.' },
      handle: ({ actor, params: { id }, request }) => acts.activate({ actor, request }, id),
    }),
    defineRoute({
      ...action('unlock'),
      summary: 'Let somebody sign in again whom failures have locked out.',
      reply: { status: 204, description: 'It is unlocked.' },
      handle: ({ actor, params: { id }, request }) => acts.unlock({ actor, request }, id),
    }),
    bulkRoute(acts),
    passwordRoute(database, on),
    factorRoute(on),
    inviteRoute(desk, on),
  ];
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
      if (account.isDeleted) throw isDeleted();
      await changePassword(
        database,
        { ...account, organizationId: actor.organizationId },
        {
          password: body.password,
          pointer: '/password',
          mustChange: true,
          alongside: (tx) => note(tx, by, account, { action: 'person.passwordReset' }),
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
        await note(tx, by, account, { action: 'person.secondFactorReset' });
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
