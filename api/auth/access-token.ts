/** Access tokens: JWTs of ten minutes, signed with the secret that all processes share. */
import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { roles, type Actor } from '../../models/users/actor';

export const accessSeconds = 600;
const algorithm = 'HS256';
const audience = 'holdfast';

const Claims = z.object({
  sub: z.uuid(),
  org: z.uuid(),
  slug: z.string(),
  role: z.enum(roles),
  name: z.string(),
  email: z.string(),
});

export interface AccessTokens {
  sign(actor: Actor): Promise<string>;
  /** The actor of a token that is genuine and not expired, else nothing. */
  actorOf(token: string): Promise<Actor | undefined>;
}

export function accessTokens(secret: string): AccessTokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign: (actor) =>
      new SignJWT({
        org: actor.organizationId,
        slug: actor.organizationSlug,
        role: actor.role,
        name: actor.name,
        email: actor.email,
      })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(actor.id)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${accessSeconds}s`)
        .sign(key),
    actorOf: async (token) => {
      const verified = await jwtVerify(token, key, { algorithms: [algorithm], audience }).catch(
        (error: unknown) => {
          if (error instanceof errors.JOSEError) return undefined;
          throw error;
        },
      );
      const claims = Claims.safeParse(verified?.payload);
      return claims.success ? actorFrom(claims.data) : undefined;
    },
  };
}

function actorFrom(claims: z.infer<typeof Claims>): Actor {
  return {
    id: claims.sub,
    organizationId: claims.org,
    organizationSlug: claims.slug,
    name: claims.name,
    email: claims.email,
    role: claims.role,
  };
}
