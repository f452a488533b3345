/** An authenticator app for tests, and people who use one. */
import { generateSync } from 'otplib/functional';
import { z } from 'zod';
import { password, type World } from './harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Enrolment = z.object({
  secret: z.string(),
  provisioningUri: z.string(),
  qrCode: z.string(),
});
const Codes = z.object({ recoveryCodes: z.array(z.string()) });

/** The code of the present 30 seconds, or of those that many later. */
export function codeOf(secret: string, later = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + later * 30 });
}

/** One of six digits that is wrong now and for the next minutes. */
export function wrongCodeOf(secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2, 3, 4, 5, 6].map((later) => codeOf(secret, later)));
  const wrong = ['111111', '222222', '333333', '444444'].find((code) => !right.has(code));
  return wrong ?? '555555';
}

export async function begun(caller: Caller) {
  return Enrolment.parse((await caller.post('/me/second-factor', { password })).body);
}

/** Turns a second factor on; its first code can be used again afterwards. */
export async function enrolled(world: World, caller: Caller) {
  const { secret } = await begun(caller);
  const code = codeOf(secret);
  const confirmed = await caller.post('/me/second-factor/actions/confirm', { code });
  const { recoveryCodes } = Codes.parse(confirmed.body);
  await forgetSteps(world);
  return { secret, recoveryCodes };
}

/** As if no code had been used yet: tests cannot wait for 30 seconds each time. */
export async function forgetSteps(world: World): Promise<void> {
  await world.rows('update second_factors set last_step = 0 where on_since is not null');
}
