/** The public HTTP API as the replay uses it: signed in, repeated with the same key until decided, timed. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Tally } from './figures';

export interface Call {
  /** Who acts, by email. */
  readonly as: string;
  /** Below /api/v1. */
  readonly path: string;
  /** For the figures: `open`, `assign` ... */
  readonly kind: string;
  readonly key: string;
  readonly body: unknown;
}

/** What the service decided. */
export type Decision =
  | { readonly isApplied: true; readonly body: unknown }
  | { readonly isApplied: false; readonly code: string; readonly detail: string };

export interface Door {
  /** Gives a command; resolves once it is decided, at the latest when patience ends. */
  say(call: Call): Promise<Decision>;
  read(as: string, path: string): Promise<unknown>;
  readonly figures: Figures;
}

export interface Figures {
  /** Milliseconds from the first try to the decision, by kind. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
  /** `assign: forbidden` → how often. */
  readonly refusals: Tally;
  /** Why requests were repeated: `202`, `429`, `network` ... */
  readonly repeats: Tally;
  /** How often the service said that an answer was replayed. */
  readonly replayed: Tally;
}

const patienceMs = 120_000;
const shortestPauseMs = 100;
/** Longer than the 8 s within which the service answers. */
const requestMs = 30_000;
/** A token is renewed when less than this is left. */
const spareMs = 60_000;

const Problem = z.object({ code: z.string(), detail: z.string().default('') });
const SignedIn = z.object({ accessToken: z.string(), expiresInSeconds: z.number() });

export function openDoor(url: string, password: string): Door {
  const latencies = new Map<string, number[]>();
  const figures = {
    latencies,
    refusals: new Tally(),
    repeats: new Tally(),
    replayed: new Tally(),
  };
  const tokenOf = tokens(url, password, figures.repeats);
  const headersFor = async (as: string) => ({ authorization: `Bearer ${await tokenOf(as)}` });
  return {
    figures,
    say: async (call) => {
      const since = performance.now();
      const response = await untilDecided(figures.repeats, async () =>
        fetch(`${url}/api/v1${call.path}`, {
          ...posting(call.body, { ...(await headersFor(call.as)), 'idempotency-key': call.key }),
        }),
      );
      const decision = await decisionOf(response);
      latencies.set(call.kind, [...(latencies.get(call.kind) ?? []), performance.now() - since]);
      if (response?.headers.get('idempotency-replayed') === 'true') figures.replayed.add(call.kind);
      if (!decision.isApplied) figures.refusals.add(`${call.kind}: ${decision.code}`);
      return decision;
    },
    read: async (as, path) => {
      const response = await untilDecided(figures.repeats, async () =>
        fetch(`${url}/api/v1${path}`, {
          headers: await headersFor(as),
          signal: AbortSignal.timeout(requestMs),
        }),
      );
      const decision = await decisionOf(response);
      if (decision.isApplied) return decision.body;
      throw new Error(`GET ${path}: ${decision.code}. ${decision.detail}`);
    },
  };
}

function posting(body: unknown, headers: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(requestMs),
  };
}

/** One sign-in an account at a time, kept until shortly before the token expires. */
function tokens(url: string, password: string, repeats: Tally) {
  const known = new Map<string, Promise<{ token: string; until: number }>>();
  const signIn = async (email: string) => {
    const response = await untilDecided(repeats, () =>
      fetch(`${url}/api/v1/auth/login`, posting({ email, password }, {})),
    );
    const decision = await decisionOf(response);
    if (!decision.isApplied) throw new Error(`${email} cannot sign in: ${decision.detail}`);
    const { accessToken, expiresInSeconds } = SignedIn.parse(decision.body);
    return { token: accessToken, until: Date.now() + expiresInSeconds * 1000 - spareMs };
  };
  return async (email: string): Promise<string> => {
    const kept = known.get(email);
    if (kept && (await kept).until > Date.now()) return (await kept).token;
    // Whoever comes second while the first signs in again waits for the same answer.
    if (known.get(email) === kept) known.set(email, signIn(email));
    const fresh = await known.get(email);
    return fresh?.token ?? '';
  };
}

/** Repeats what is not decided; undefined when patience ended without any answer. */
async function untilDecided(
  repeats: Tally,
  ask: () => Promise<Response>,
): Promise<Response | undefined> {
  const deadline = Date.now() + patienceMs;
  let last: Response | undefined;
  for (;;) {
    const response = await ask().catch((error: unknown) => {
      if (isLost(error)) return undefined;
      throw error;
    });
    last = response ?? last;
    const why = response === undefined ? 'network' : await whyAgain(response);
    if (why === undefined || Date.now() > deadline) return last;
    repeats.add(why);
    const seconds = Number(response?.headers.get('retry-after') ?? 0);
    await pause(Math.max(seconds * 1000, shortestPauseMs));
  }
}

/** fetch throws a TypeError when the connection fails and a TimeoutError when nobody answers. */
function isLost(error: unknown): boolean {
  return error instanceof Error && ['TypeError', 'TimeoutError'].includes(error.name);
}

async function whyAgain(response: Response): Promise<string | undefined> {
  if ([202, 429, 502, 503, 504].includes(response.status)) return String(response.status);
  if (response.status !== 409) return undefined;
  const problem = Problem.safeParse(await response.clone().json());
  return problem.data?.code === 'idempotency_in_progress' ? problem.data.code : undefined;
}

async function decisionOf(response: Response | undefined): Promise<Decision> {
  if (response === undefined) return { isApplied: false, code: 'no_answer', detail: '' };
  const text = await response.text();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (response.status === 202) return { isApplied: false, code: 'undecided', detail: '' };
  if (response.ok) return { isApplied: true, body };
  const problem = Problem.parse(body);
  return { isApplied: false, code: problem.code, detail: problem.detail };
}
