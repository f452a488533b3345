/** Choosing a new password. */
import { z } from 'zod';
import { duties } from '../../models/users/actor';
import { changePassword, provePassword } from '../auth/change-password';
import type { SignInSources } from '../auth/sign-in';
import { Password } from '../http/input/fields';
import { defineRoute, type Route } from '../http/route';

export function passwordRoute(sources: SignInSources): Route {
  const { database } = sources;
  return defineRoute({
    method: 'post',
    path: '/me/change-password',
    tag: 'Me',
    access: 'person',
    secret: true,
    limitedBy: 'address',
    despite: duties,
    summary: 'Choose a new password.',
    description:
      'At least 12 characters with capital and small letters, a digit and a symbol; not one of the last five, ' +
      'not a common one, without name and email. All other sessions end.',
    body: z.strictObject({
      currentPassword: Password,
      newPassword: Password,
    }),
    reply: { status: 204, description: 'It is changed.' },
    handle: async ({ actor, body }) => {
      const { currentPassword: password } = body;
      await provePassword(sources, actor, { password, pointer: '/currentPassword' });
      await changePassword(database, actor, {
        password: body.newPassword,
        pointer: '/newPassword',
        sparing: actor.sessionId,
      });
      return {};
    },
  });
}
