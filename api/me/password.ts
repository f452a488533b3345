/** Choosing a new password. */
import { z } from 'zod';
import { invalid } from '../../models/errors';
import { changePassword, passwordHashOf } from '../auth/change-password';
import { passwordMatches } from '../auth/password';
import type { SessionDatabase } from '../auth/session';
import { Password } from '../http/input/fields';
import { defineRoute, type Route } from '../http/route';

export function passwordRoute({ database }: { readonly database: SessionDatabase }): Route {
  return defineRoute({
    method: 'post',
    path: '/me/change-password',
    tag: 'Me',
    access: 'person',
    secret: true,
    limitedBy: 'address',
    beforePasswordChange: true,
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
      const present = await passwordHashOf(database, actor);
      if (!(await passwordMatches(body.currentPassword, present))) {
        throw invalid('/currentPassword', 'is not the present password', 'wrong_password');
      }
      await changePassword(database, actor, {
        password: body.newPassword,
        pointer: '/newPassword',
        sparing: actor.sessionId,
      });
      return {};
    },
  });
}
