/** Access tokens: JWTs of ten minutes that name a session, signed with the secret that all processes share. */
import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Bearer } from './session';

export const accessSeconds = 600;
const algorithm = 'HS256';
const audience = 'holdfast';
const mostGenuine = 10_000;

const Claims = z.object({
  sub: z.uuid(),
  org: z.uuid(),
  sid: z.uuid(),
  exp: z.int().describe('Seconds since 1970.'),
});

export interface AccessTokens {
  sign(bearer: Bearer): Promise<string>;
  /** Whose a token is that is genuine and not expired, else nothing; the session is still to be asked. */
  bearerOf(token: string): Promise<Bearer | undefined>;
}

export function accessTokens(secret: string): AccessTokens {
  const key = new TextEncoder().encode(secret);
  // A signature that was right once stays right; checking it anew cost a tenth of a read.
  const genuine = new Map<string, { readonly bearer: Bearer; readonly until: number }>();
  return {
    sign: ({ userId, organizationId, sessionId }) =>
      new SignJWT({ org: organizationId, sid: sessionId })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(userId)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${accessSeconds}s`)
        .sign(key),
    bearerOf: async (token) => {
      const known = genuine.get(token);
      if (known !== undefined) return known.until > Date.now() ? known.bearer : undefined;
      const verified = await jwtVerify(token, key, { algorithms: [algorithm], audience }).catch(
        (error: unknown) => {
          if (error instanceof errors.JOSEError) return undefined;
          throw error;
        },
      );
      const claims = Claims.safeParse(verified?.payload);
      if (!claims.success) return undefined;
      const { sub: userId, org: organizationId, sid: sessionId, exp } = claims.data;
      const bearer = { userId, organizationId, sessionId };
      if (genuine.size >= mostGenuine) genuine.clear();
      genuine.set(token, { bearer, until: exp * 1000 });
      return bearer;
    },
  };
}
