/** Sign in, go on, sign out. Nothing here is kept for repeats: the answers are secrets. */
import { z } from 'zod';
import { roles, type Actor } from '../../models/users/actor';
import { defineRoute, type Route } from '../http/route';
import { accessSeconds, type AccessTokens } from './access-token';
import { refresh, signIn, signOut, type Session, type SessionDatabase } from './session';

const Login = z.strictObject({
  email: z
    .string()
    .min(3)
    .max(254)
    .meta({ examples: ['agent@acme.example'] }),
  password: z.string().min(1).max(200).meta({ format: 'password' }),
});

const RefreshToken = z.strictObject({ refreshToken: z.string().min(1).max(200) });

const SignedIn = z
  .object({
    accessToken: z.string().describe('Send it as `Authorization: Bearer`.'),
    refreshToken: z.string().describe('Good for one refresh within 30 days.'),
    expiresInSeconds: z.int().describe('Lifetime of the access token.'),
    user: z.object({
      id: z.uuid(),
      name: z.string(),
      email: z.string(),
      role: z.enum(roles),
      organization: z.object({ id: z.uuid(), slug: z.string() }),
    }),
  })
  .meta({ id: 'SignedIn' });

export interface AuthSources {
  readonly database: SessionDatabase;
  readonly tokens: AccessTokens;
}

export function authRoutes({ database, tokens }: AuthSources): Route[] {
  const door = { method: 'post', access: 'public', tag: 'Sign-in', secret: true } as const;
  const signedIn = async (session: Session) => ({
    body: {
      accessToken: await tokens.sign(session.actor),
      refreshToken: session.refreshToken,
      expiresInSeconds: accessSeconds,
      user: userOf(session.actor),
    },
  });
  return [
    defineRoute({
      ...door,
      path: '/auth/login',
      summary: 'Sign in with email and password.',
      limitedBy: 'address',
      body: Login,
      reply: { status: 200, description: 'Signed in.', body: SignedIn },
      handle: async ({ body }) => signedIn(await signIn(database, body)),
    }),
    defineRoute({
      ...door,
      path: '/auth/refresh',
      summary: 'Get the next tokens of a session.',
      description:
        'Each refresh token is used once. One that comes back more than 10 seconds after its use ends the session.',
      limitedBy: 'address',
      body: RefreshToken,
      reply: { status: 200, description: 'The session goes on.', body: SignedIn },
      handle: async ({ body }) => signedIn(await refresh(database, body.refreshToken)),
    }),
    defineRoute({
      ...door,
      path: '/auth/logout',
      summary: 'End a session.',
      description: 'Access tokens that are out stay good for up to 10 minutes.',
      limitedBy: 'address',
      body: RefreshToken,
      reply: { status: 204, description: 'The session has ended.' },
      handle: async ({ body }) => {
        await signOut(database, body.refreshToken);
        return {};
      },
    }),
  ];
}

function userOf(actor: Actor) {
  const { id, name, email, role } = actor;
  return {
    id,
    name,
    email,
    role,
    organization: { id: actor.organizationId, slug: actor.organizationSlug },
  };
}
