/** Choosing a password by a link from a mail: a forgotten one, or the first one of somebody who was invited. */
import { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import { invalid } from '../../models/errors';
import { writeReset } from '../mail/letters';
import type { MailDesk } from '../mail/desk';
import { Password } from '../http/input/fields';
import type { RequestContext } from '../http/request';
import { defineRoute, type Route } from '../http/route';
import { changePassword } from './change-password';
import { ownerOfLink, useLink } from './link-token';
import { forgetFailures } from './lockout';
import type { SessionDatabase } from './session';

const open = {
  method: 'post',
  tag: 'Sign-in',
  secret: true,
  access: 'public',
  limitedBy: 'address',
} as const;

export interface ForgottenSources {
  readonly database: SessionDatabase;
  readonly desk: MailDesk;
}

export function forgottenPasswordRoutes(sources: ForgottenSources): Route[] {
  return [
    defineRoute({
      ...open,
      path: '/auth/forgot-password',
      summary: 'Ask for a mail with a link to choose a new password.',
      description:
        'The answer is the same whether or not somebody has this address. The link is good for an hour; ' +
        'who asks again within five minutes gets no further mail.',
      body: z.strictObject({ email: z.string().min(3).max(254) }),
      reply: {
        status: 202,
        description: 'If somebody can sign in with this address, they get a mail.',
        body: z.object({ message: z.string() }),
      },
      handle: ({ body }) => {
        // Later: how long the answer takes tells nothing of what is found.
        sources.desk.afterwards('forgotten password', () => writeReset(sources, body.email));
        const message = 'If somebody can sign in with this address, a mail is on its way to it.';
        return Promise.resolve({ body: { message } });
      },
    }),
    defineRoute({
      ...open,
      path: '/auth/reset-password',
      summary: 'Choose a password, with the token of a link.',
      description:
        'For the link of a forgotten password and for that of an invitation. It is used up with that, and all ' +
        'sessions end. For what a password must be see `POST /me/change-password`.',
      body: z.strictObject({ token: z.string().min(1).max(200), newPassword: Password }),
      reply: { status: 204, description: 'It is set: sign in with it.' },
      handle: async ({ body, request }) => {
        await choosePassword(sources.database, body, request);
        return {};
      },
    }),
  ];
}

async function choosePassword(
  database: SessionDatabase,
  { token, newPassword }: { readonly token: string; readonly newPassword: string },
  { address, id: requestId }: RequestContext,
): Promise<void> {
  const owner = await ownerOfLink(database, token);
  if (owner === undefined) throw dead();
  const { id, name } = owner;
  await changePassword(database, owner, {
    password: newPassword,
    pointer: '/newPassword',
    alongside: async (tx) => {
      if (!(await useLink(tx, token))) throw dead();
      const act = {
        action: 'person.passwordChosen',
        target: { type: 'person', id, name },
      } as const;
      await recordAct(tx, { actor: { id, name }, address, requestId }, act);
    },
  });
  await forgetFailures(database, owner.email);
}

function dead() {
  return invalid('/token', 'has been used, replaced, or has expired: ask for a new mail', 'ended');
}
