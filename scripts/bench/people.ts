/** The people of the bench: signed in, and again before their tokens end. */
import { z } from 'zod';
import type { Desk } from '../rig/desk';
import type { Wire } from './wire';

export interface People {
  /** Tokens, one after the other. */
  readonly agent: () => string;
  readonly requester: () => string;
  /** Signs in anew when the tokens are older than half their life; outside what is timed. */
  readonly refresh: () => Promise<void>;
}

const SignedIn = z.object({ accessToken: z.string(), expiresInSeconds: z.number() });

export async function signIn(wire: Wire, desk: Desk): Promise<People> {
  let tokens = { agents: [''], requesters: [''], until: 0 };
  let turn = 0;
  const tokenOf = (email: string) => signInAs(wire, email, desk.password);
  const refresh = async () => {
    if (Date.now() < tokens.until) return;
    const agents = await Promise.all(desk.agents.map(tokenOf));
    const requesters = await Promise.all(desk.requesters.map(tokenOf));
    const seconds = Math.min(...[...agents, ...requesters].map((one) => one.expiresInSeconds));
    const words = (signed: typeof agents) => signed.map(({ accessToken }) => accessToken);
    const until = Date.now() + (seconds * 1000) / 2;
    tokens = { agents: words(agents), requesters: words(requesters), until };
  };
  const next = (of: readonly string[]) => of[(turn += 1) % of.length] ?? '';
  await refresh();
  return { agent: () => next(tokens.agents), requester: () => next(tokens.requesters), refresh };
}

const login = { method: 'POST', path: '/auth/login', token: '' } as const;

/** A session of one of them. */
export async function signInAs(wire: Wire, email: string, password: string) {
  const { status, text } = await wire.send({ ...login, body: { email, password } });
  if (status !== 200) throw new Error(`${email} cannot sign in: ${status} ${text}`);
  return SignedIn.parse(JSON.parse(text));
}
