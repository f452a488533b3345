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

const Rows = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

interface Asked {
  readonly method: 'get' | 'post' | 'put';
  readonly body?: object;
  /** A file of plain text, in place of a body. */
  readonly text?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

type Reply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs: number }
  | { readonly kind: 'refused'; readonly code: string; readonly why: string };

export function openFrontDoor(apiUrl: string, password: string): FrontDoor {
  const tokens = new Map<string, Promise<string>>();

  async function signIn(email: string): Promise<string> {
    const reply = await insistently(() =>
      call(apiUrl, 'auth/login', { method: 'post', body: { email, password } }),
    );
    if (reply.kind === 'done') return SignedIn.parse(reply.body).accessToken;
    throw new Error(`${email} cannot sign in: ${reply.why}`);
  }

  function tokenOf(email: string): Promise<string> {
    const known = tokens.get(email) ?? signIn(email);
    tokens.set(email, known);
    return known;
  }

  /** As somebody who is signed in. */
  async function callAs({ email }: Deed['by'], path: string, asked: Asked): Promise<Reply> {
    const authorization = `Bearer ${await tokenOf(email)}`;
    const reply = await call(apiUrl, path, {
      ...asked,
      headers: { ...asked.headers, authorization },
    });
    if (reply.kind !== 'refused' || reply.code !== 'unauthenticated') return reply;
    // A token lasts ten minutes.
    tokens.delete(email);
    return later(reply.why);
  }

  async function attempt(deed: Deed, names: Names): Promise<Reply> {
    const { by, key, method, path, body, text } = deed;
    const found = await find(deed, names);
    if (found.kind !== 'done') return found;
    return callAs(by, path.replace('{found}', String(found.body)), {
      ...{ method, body: body(names), text },
      headers: { 'idempotency-key': key },
    });
  }

  /** The id of what is meant, when it is there. */
  async function find({ by, find: wanted }: Deed, names: Names): Promise<Reply> {
    if (!wanted) return { kind: 'done', body: '' };
    const reply = await callAs(by, wanted.path(names), { method: 'get' });
    if (reply.kind !== 'done') return reply;
    const row = Rows.parse(reply.body).data.find((one) => wanted.isIt?.(one) ?? true);
    return row ? { kind: 'done', body: row.id } : later('what it is about is not there yet');
  }

  return {
    async send(deed, names) {
      const reply = await insistently(() => attempt(deed, names));
      return reply.kind === 'done' ? { done: true } : { done: false, why: reply.why };
    },
  };
}

async function call(apiUrl: string, path: string, asked: Asked): Promise<Reply> {
  const { method, body, text, headers } = asked;
  try {
    const response = await fetch(`${apiUrl}/api/v1/${path}`, {
      method,
      ...(body && { body: text ?? JSON.stringify(body) }),
      headers: {
        'content-type': text === undefined ? 'application/json' : 'text/plain',
        ...headers,
      },
      signal: AbortSignal.timeout(callMs),
    });
    return await replyOf(response);
  } catch (error) {
    return later(messageOf(error));
  }
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
