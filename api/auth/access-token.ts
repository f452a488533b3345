/** Access tokens: JWTs of ten minutes, signed with the secret that all processes share. */
import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { roles, type Actor } from '../../models/users/actor';

export const accessSeconds = 600;
const algorithm = 'HS256';
const audience = 'holdfast';
const mostGenuine = 10_000;

const Claims = z.object({
  sub: z.uuid(),
  org: z.uuid(),
  slug: z.string(),
  role: z.enum(roles),
  name: z.string(),
  email: z.string(),
  exp: z.int().describe('Seconds since 1970.'),
});

export interface AccessTokens {
  sign(actor: Actor): Promise<string>;
  /** The actor of a token that is genuine and not expired, else nothing. */
  actorOf(token: string): Promise<Actor | undefined>;
}

export function accessTokens(secret: string): AccessTokens {
  const key = new TextEncoder().encode(secret);
  // A signature that was right once stays right; checking it anew cost a tenth of a read.
  const genuine = new Map<string, { readonly actor: Actor; readonly until: number }>();
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
      const known = genuine.get(token);
      if (known !== undefined) return known.until > Date.now() ? known.actor : undefined;
      const verified = await jwtVerify(token, key, { algorithms: [algorithm], audience }).catch(
        (error: unknown) => {
          if (error instanceof errors.JOSEError) return undefined;
          throw error;
        },
      );
      const claims = Claims.safeParse(verified?.payload);
      if (!claims.success) return undefined;
      const actor = actorFrom(claims.data);
      if (genuine.size >= mostGenuine) genuine.clear();
      genuine.set(token, { actor, until: claims.data.exp * 1000 });
      return actor;
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
