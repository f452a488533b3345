/** Proving anew who I am, for acts that must not be done by whoever finds an open session. */
import { z } from 'zod';
import { Refusal, invalid } from '../../models/errors';
import type { SignedIn } from '../../models/users/actor';
import { provePassword } from '../auth/change-password';
import { isOn } from '../auth/second-factor/factor';
import { prove } from '../auth/second-factor/prove';
import { freshen } from '../auth/session';
import { Code, Password } from '../http/input/fields';
import { defineRoute, type Route } from '../http/route';
import { wrongCode, type FactorSources } from './second-factor';

export function stepUpRoute(sources: FactorSources): Route {
  return defineRoute({
    method: 'post',
    path: '/me/step-up',
    tag: 'Me',
    access: 'person',
    secret: true,
    limitedBy: 'address',
    summary: 'Prove anew who I am; it counts for 5 minutes.',
    description:
      'With the code of the second factor or a recovery code; with the password where there is no second ' +
      'factor. Wrong ones count like those of a sign-in.',
    body: z
      .strictObject({ code: Code.optional(), password: Password.optional() })
      .refine(({ code, password }) => (code === undefined) !== (password === undefined), {
        message: 'give either code or password',
      }),
    reply: { status: 204, description: 'It is proved.' },
    handle: async ({ actor, body: { code, password } }) => {
      if (code !== undefined) await proveWithCode(sources, actor, code);
      if (password !== undefined) await proveWithPassword(sources, actor, password);
      return {};
    },
  });
}

async function proveWithCode(
  { database, desk, seal }: FactorSources,
  actor: SignedIn,
  code: string,
) {
  // What failed is counted in rows that must be committed, so the refusal comes after the transaction.
  const proof = await database.inOrganization(actor.organizationId, async (tx) => {
    const found = await prove(tx, seal, actor, code);
    if (found === 'right') await freshen(tx, actor.sessionId);
    return found;
  });
  if (proof === 'unreadable') {
    throw invalid('/code', 'cannot be checked any more: use a recovery code', 'unreadable_factor');
  }
  if (proof === 'right') return;
  // It may have locked the address, of which a mail tells.
  desk.handOver();
  throw wrongCode();
}

async function proveWithPassword(sources: FactorSources, actor: SignedIn, password: string) {
  await provePassword(sources, actor, { password, pointer: '/password' });
  await sources.database.inOrganization(actor.organizationId, async (tx) => {
    if (await isOn(tx, actor.id)) {
      throw new Refusal('invalid_input', 'Whoever has a second factor proves it with a code.', {
        errors: [{ pointer: '/code', detail: 'is required', code: 'required' }],
      });
    }
    await freshen(tx, actor.sessionId);
  });
}
