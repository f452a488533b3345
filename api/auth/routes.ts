/** Sign in, go on, sign out. Nothing here is kept for repeats: the answers are secrets. */
import { z } from 'zod';
import { duties, roles, type Actor } from '../../models/users/actor';
import { Code, Password } from '../http/input/fields';
import { defineRoute, type Route } from '../http/route';
import { accessSeconds, type AccessTokens } from './access-token';
import { meetChallenge, type ChallengeSources } from './second-factor/challenge';
import type { Seal } from '../../models/seal';
import { forgottenPasswordRoutes } from './forgotten-password';
import { endSessions, refresh, signOut, type Session, type SessionDatabase } from './session';
import { signIn, type SignInSources } from './sign-in';

const Login = z.strictObject({
  email: z
    .string()
    .min(3)
    .max(254)
    .meta({ examples: ['agent@acme.example'] }),
  password: Password,
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
      mustChangePassword: z
        .boolean()
        .describe('Nothing else is possible before `POST /me/change-password`.'),
      mustSetUpSecondFactor: z
        .boolean()
        .describe('Little else is possible before `POST /me/second-factor`.'),
      organization: z.object({ id: z.uuid(), slug: z.string() }),
    }),
  })
  .meta({ id: 'SignedIn' });

const Challenged = z
  .object({
    secondFactorRequired: z.literal(true),
    challenge: z.string().describe('For `POST /auth/second-factor`, once and within 5 minutes.'),
  })
  .meta({ id: 'SecondFactorRequired' });

const Answer = z.strictObject({ challenge: z.string().min(1).max(200), code: Code });

export interface AuthSources extends SignInSources {
  readonly tokens: AccessTokens;
  readonly seal: Seal;
}

type SignIn = (session: Session) => Promise<{ readonly body: z.infer<typeof SignedIn> }>;

const door = { method: 'post', tag: 'Sign-in', secret: true } as const;
const open = { ...door, access: 'public', limitedBy: 'address' } as const;

export function authRoutes({ tokens, seal, ...sources }: AuthSources): Route[] {
  const signedIn: SignIn = async ({ actor, refreshToken }) => ({
    body: {
      accessToken: await tokens.sign({ ...actor, userId: actor.id }),
      refreshToken,
      expiresInSeconds: accessSeconds,
      user: userOf(actor),
    },
  });
  return [
    ...comingRoutes(sources, signedIn),
    challengeRoute({ ...sources, seal }, signedIn),
    ...leavingRoutes(sources.database),
    ...forgottenPasswordRoutes(sources),
  ];
}

function comingRoutes(sources: SignInSources, signedIn: SignIn): Route[] {
  return [
    defineRoute({
      ...open,
      path: '/auth/login',
      summary: 'Sign in with email and password.',
      description:
        'Five failures within a quarter of an hour lock an address for as long; each lock in a row is twice ' +
        'as long as the one before. The answer does not tell; whose address it is gets a mail. Whoever has a second factor gets a challenge ' +
        'in place of tokens.',
      body: Login,
      reply: {
        status: 200,
        description: 'Signed in, or asked for a code.',
        body: z.xor([SignedIn, Challenged]),
      },
      handle: async ({ body, request }) => {
        const came = await signIn(sources, body, request);
        if ('session' in came) return signedIn(came.session);
        return { body: { secondFactorRequired: true as const, challenge: came.challenge } };
      },
    }),
    defineRoute({
      ...open,
      path: '/auth/refresh',
      summary: 'Get the next tokens of a session.',
      description:
        'Each refresh token is used once. One that comes back more than 10 seconds after its use ends the session.',
      body: RefreshToken,
      reply: { status: 200, description: 'The session goes on.', body: SignedIn },
      handle: async ({ body, request }) =>
        signedIn(await refresh(sources.database, body.refreshToken, request)),
    }),
  ];
}

function challengeRoute(sources: ChallengeSources, signedIn: SignIn): Route {
  return defineRoute({
    ...open,
    path: '/auth/second-factor',
    summary: 'Sign in with the code of a second factor.',
    description:
      'The challenge is that of `POST /auth/login`. The code is of the authenticator app, or a recovery code; ' +
      'each is good once. Wrong ones count like wrong passwords, and five of them end the challenge.',
    body: Answer,
    reply: { status: 200, description: 'Signed in.', body: SignedIn },
    handle: async ({ body, request }) => signedIn(await meetChallenge(sources, body, request)),
  });
}

function leavingRoutes(database: SessionDatabase): Route[] {
  return [
    defineRoute({
      ...open,
      path: '/auth/logout',
      summary: 'End a session.',
      description: 'Acts at once, on its access tokens, too.',
      body: RefreshToken,
      reply: { status: 204, description: 'The session has ended.' },
      handle: async ({ body }) => {
        await signOut(database, body.refreshToken);
        return {};
      },
    }),
    defineRoute({
      ...door,
      access: 'person',
      despite: duties,
      path: '/auth/logout-everywhere',
      summary: 'End all of my sessions.',
      description: 'This one, too. Acts at once.',
      reply: { status: 204, description: 'All sessions have ended.' },
      handle: async ({ actor }) => {
        await database.inOrganization(actor.organizationId, (tx) => endSessions(tx, actor.id));
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
    mustChangePassword: actor.duties.includes('newPassword'),
    mustSetUpSecondFactor: actor.duties.includes('secondFactor'),
    organization: { id: actor.organizationId, slug: actor.organizationSlug },
  };
}
