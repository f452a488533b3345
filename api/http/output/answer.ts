/** An answer as it leaves: status, headers, text. What is kept for a repeated request, too. */
import { once } from 'node:events';
import type { Response } from 'express';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; absent for an answer without a body. */
  readonly text: string | undefined;
  /** In place of the text: what is written piece by piece. Never kept for a repeat. */
  readonly stream?: Streamed;
}

/** Writes all of it; `write` resolves when there is room for more, and rejects when nobody listens any more. */
export type Streamed = (write: (text: string | Uint8Array) => Promise<void>) => Promise<void>;

/** Ends the response here: Express would turn an ETag that matches into a 304 of a stale figure. */
export function send(response: Response, answer: Answer): void {
  begin(response, answer);
  response.end(answer.text);
}

/** Whoever takes nothing for so long is given up: meanwhile a transaction stays open for them. */
const longestPauseMs = 30_000;

/** Resolves when it is sent. What fails on the way cuts the answer off, so that nobody takes it for whole. */
export async function sendStream(
  response: Response,
  answer: Answer,
  stream: Streamed,
): Promise<void> {
  begin(response, answer);
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const write = async (text: string | Uint8Array) => {
    gone.signal.throwIfAborted();
    if (response.write(text)) return;
    await once(response, 'drain', {
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(longestPauseMs)]),
    });
  };
  try {
    await stream(write);
    response.end();
  } catch (error) {
    if (!response.headersSent) {
      // What was to be said of the stream is not true of the problem that is answered in its place.
      for (const name of Object.keys(answer.headers)) response.removeHeader(name);
      throw error;
    }
    response.destroy();
    // That the caller has gone, or takes nothing, is no failure of ours.
    if (!(error instanceof Error) || !['AbortError', 'TimeoutError'].includes(error.name))
      throw error;
  }
}

function begin(response: Response, { status, headers }: Answer): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
