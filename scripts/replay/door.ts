/** The public HTTP API as the replay and the soak use it: signed in, repeated with the same key until decided, timed. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../stack/failure';
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
  /** Default: POST. */
  readonly method?: 'POST' | 'PATCH' | 'DELETE';
  /** The first try is given up after so long, as by a caller whose connection broke. */
  readonly firstTryMs?: number;
}

/** One try of a call, and what was heard of it. */
export interface Exchange {
  readonly call: Call;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly until: number;
  /** Undefined: no answer came. */
  readonly answer: { status: number; text: string; isReplayed: boolean } | undefined;
  /** Nobody waited for the answer. */
  readonly isGivenUp: boolean;
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

/**
 * `urls`: one address or several of the same service. Calls go to them in turn, and so does every
 * repeat: what one process does not answer, another one is asked. `heard` is told of every try.
 */
export function openDoor(
  urls: string | readonly string[],
  password: string,
  heard: (exchange: Exchange) => void = () => undefined,
): Door {
  const turn = inTurn([urls].flat());
  const latencies = new Map<string, number[]>();
  const figures = {
    latencies,
    refusals: new Tally(),
    repeats: new Tally(),
    replayed: new Tally(),
  };
  const tokenOf = tokens(turn, password, figures.repeats);
  const headersFor = async (as: string) => ({ authorization: `Bearer ${await tokenOf(as)}` });
  return {
    figures,
    say: async (call) => {
      const since = performance.now();
      const headers = async () => ({ ...(await headersFor(call.as)), 'idempotency-key': call.key });
      const answer = await untilDecided(figures.repeats, tried(call, turn(), headers, heard));
      const decision = decisionOf(answer);
      const durations = latencies.get(call.kind) ?? [];
      durations.push(performance.now() - since);
      latencies.set(call.kind, durations);
      if (answer?.headers.get('idempotency-replayed') === 'true') figures.replayed.add(call.kind);
      if (!decision.isApplied) figures.refusals.add(`${call.kind}: ${decision.code}`);
      return decision;
    },
    read: async (as, path) => {
      const next = turn();
      const answer = await untilDecided(figures.repeats, async () =>
        ask(`${next()}/api/v1${path}`, { headers: await headersFor(as) }),
      );
      const decision = decisionOf(answer);
      if (decision.isApplied) return decision.body;
      throw new Error(`GET ${path}: ${decision.code}. ${decision.detail}`);
    },
  };
}

/** One try after the other of the same call, each told of. */
function tried(
  call: Call,
  next: () => string,
  headersFor: () => Promise<Record<string, string>>,
  heard: (exchange: Exchange) => void,
): () => Promise<Answer | undefined> {
  let tries = 0;
  return async () => {
    const headers = { ...json, ...(await headersFor()) };
    const at = Date.now();
    tries += 1;
    const mostMs = tries === 1 ? call.firstTryMs : undefined;
    const request = { ...posting(call.body), method: call.method ?? 'POST', headers };
    const given = await ask(`${next()}/api/v1${call.path}`, request, mostMs);
    const isGivenUp = given === undefined && mostMs !== undefined;
    heard({ call, at, until: Date.now(), answer: given && heardOf(given), isGivenUp });
    return given;
  };
}

type Turn = () => () => string;

/** For each call: where to ask, and where next. */
function inTurn(urls: readonly string[]): Turn {
  let calls = 0;
  return () => {
    let at = calls;
    calls += 1;
    return () => {
      const url = urls[at % urls.length] ?? '';
      at += 1;
      return url;
    };
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The whole answer; undefined when the connection failed or nobody answered in time. */
async function ask(
  address: string,
  request: RequestInit,
  withinMs = requestMs,
): Promise<Answer | undefined> {
  try {
    const response = await fetch(address, { ...request, signal: AbortSignal.timeout(withinMs) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    if (isLost(error)) return undefined;
    throw error;
  }
}

function heardOf({ status, text, headers }: Answer) {
  return { status, text, isReplayed: headers.get('idempotency-replayed') === 'true' };
}

/** fetch and reading a body that breaks off throw a TypeError with one of these words. */
function isLost(error: unknown): boolean {
  const isNamed = typeof error === 'object' && error !== null && 'name' in error;
  if (isNamed && error.name === 'TimeoutError') return true;
  return ['fetch failed', 'terminated'].includes(messageOf(error));
}

const json = { 'content-type': 'application/json' };

function posting(body: unknown): RequestInit {
  return { method: 'POST', headers: json, body: JSON.stringify(body) };
}

/** One sign-in an account at a time, kept until shortly before the token expires. */
function tokens(turn: Turn, password: string, repeats: Tally) {
  const known = new Map<string, Promise<{ token: string; until: number }>>();
  const signIn = async (email: string) => {
    const next = turn();
    const answer = await untilDecided(repeats, () =>
      ask(`${next()}/api/v1/auth/login`, posting({ email, password })),
    );
    const decision = decisionOf(answer);
    if (!decision.isApplied) {
      throw new Error(
        `${email} cannot sign in: ${decision.detail} (An organization founded by an earlier replay keeps its password: set DEMO_PASSWORD to it.)`,
      );
    }
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
  attempt: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const deadline = Date.now() + patienceMs;
  let last: Answer | undefined;
  for (;;) {
    const answer = await attempt();
    last = answer ?? last;
    const why = answer === undefined ? 'network' : whyAgain(answer);
    if (why === undefined || Date.now() > deadline) return last;
    repeats.add(why);
    const seconds = Number(answer?.headers.get('retry-after') ?? 0);
    await pause(Math.max(seconds * 1000, shortestPauseMs));
  }
}

function whyAgain({ status, text }: Answer): string | undefined {
  if ([202, 429, 502, 503, 504].includes(status)) return String(status);
  const code = status === 409 ? Problem.parse(JSON.parse(text)).code : undefined;
  return code === 'idempotency_in_progress' ? code : undefined;
}

function decisionOf(answer: Answer | undefined): Decision {
  if (answer === undefined) return { isApplied: false, code: 'no_answer', detail: '' };
  if (answer.status === 202) return { isApplied: false, code: 'undecided', detail: '' };
  const body: unknown = answer.text === '' ? {} : JSON.parse(answer.text);
  if (answer.status < 300) return { isApplied: true, body };
  const { code, detail } = Problem.parse(body);
  return { isApplied: false, code, detail };
}
