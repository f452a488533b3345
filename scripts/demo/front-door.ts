/** The public HTTP API as people use it: each signs in once, and every request may be repeated. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ErrorCode } from '../../models/errors';
import { messageOf } from '../stack/failure';
import type { Deed } from './deed';
import type { Names } from './story';

/** Done, or refused for good with what the API said. */
export type Said = { readonly done: true } | { readonly done: false; readonly why: string };

export interface FrontDoor {
  /** Sends until there is an answer; throws when there is none for a long time. */
  send(deed: Deed, names: Names): Promise<Said>;
}

/** Longer than a lease of an idempotency key and than a window of the rate limits. */
const patienceMs = 90_000;
const callMs = 15_000;
const betweenTriesMs = 300;

const SignedIn = z.object({ accessToken: z.string() });
const Problem = z.object({ code: z.string(), detail: z.string() });

/** These say nothing about the request itself. */
const passing: readonly ErrorCode[] = ['idempotency_in_progress', 'rate_limited', 'unavailable'];

type Reply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs: number }
  | { readonly kind: 'refused'; readonly code: string; readonly why: string };

export function openFrontDoor(apiUrl: string, password: string): FrontDoor {
  const tokens = new Map<string, Promise<string>>();

  async function signIn(email: string): Promise<string> {
    const reply = await insistently(() => post('auth/login', { email, password }));
    if (reply.kind === 'done') return SignedIn.parse(reply.body).accessToken;
    throw new Error(`${email} cannot sign in: ${reply.why}`);
  }

  function tokenOf(email: string): Promise<string> {
    const known = tokens.get(email) ?? signIn(email);
    tokens.set(email, known);
    return known;
  }

  async function post(path: string, body: object, headers: Record<string, string> = {}) {
    try {
      const response = await fetch(`${apiUrl}/api/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(callMs),
      });
      return await replyOf(response);
    } catch (error) {
      return later(messageOf(error));
    }
  }

  async function attempt({ by, key, path, body }: Deed, names: Names): Promise<Reply> {
    const token = await tokenOf(by.email);
    const reply = await post(path, body(names), {
      authorization: `Bearer ${token}`,
      'idempotency-key': key,
    });
    if (reply.kind !== 'refused' || reply.code !== 'unauthenticated') return reply;
    // A token lasts ten minutes.
    tokens.delete(by.email);
    return later(reply.why);
  }

  return {
    async send(deed, names) {
      const reply = await insistently(() => attempt(deed, names));
      return reply.kind === 'done' ? { done: true } : { done: false, why: reply.why };
    },
  };
}

/** Repeats until the reply is final. */
async function insistently(
  attempt: () => Promise<Reply>,
): Promise<Exclude<Reply, { kind: 'later' }>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const reply = await attempt();
    if (reply.kind !== 'later') return reply;
    if (Date.now() + reply.afterMs > deadline) {
      throw new Error(`No answer within ${patienceMs / 1000} s: ${reply.why}`);
    }
    await pause(reply.afterMs);
  }
}

async function replyOf(response: Response): Promise<Reply> {
  const body: unknown = await response.json();
  if (response.status === 202) return later('it is not decided yet');
  if (response.ok) return { kind: 'done', body };
  const { code, detail } = Problem.parse(body);
  const afterSeconds = Number(response.headers.get('retry-after') ?? 0);
  if (passing.some((one) => one === code)) return later(detail, afterSeconds * 1000);
  return { kind: 'refused', code, why: `${detail} (${code})` };
}

function later(why: string, afterMs = 0): Reply {
  return { kind: 'later', why, afterMs: Math.max(afterMs, betweenTriesMs) };
}
