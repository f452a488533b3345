/** An answer as it leaves: status, headers, text. What is kept for a repeated request, too. */
import type { Response } from 'express';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; absent for an answer without a body. */
  readonly text: string | undefined;
}

/** Ends the response here: Express would turn an ETag that matches into a 304 of a stale figure. */
export function send(response: Response, answer: Answer): void {
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.end(answer.text);
}
