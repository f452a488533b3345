/** Holds a reply against its declaration, so that the API page tells the truth. Used by tests. */
import type { Reply } from './reply';
import type { Route } from '../route';

/** Throws a plain Error: a reply that was not declared is a bug. */
export function verifyReply(route: Route, reply: Reply): void {
  const where = `${route.method.toUpperCase()} ${route.path}`;
  const [usual, ...others] = route.replies;
  const shape =
    reply.status === undefined
      ? usual
      : route.replies.find((declared) => declared.status === reply.status);
  if (shape === undefined) {
    throw new Error(
      `${where} replied ${String(reply.status)} and declares ${others.length + 1} others.`,
    );
  }
  const text = reply.body === undefined ? undefined : JSON.stringify(reply.body);
  const seen: unknown = text === undefined ? undefined : JSON.parse(text);
  if (shape.body === undefined && seen === undefined) return;
  const parsed = shape.body?.safeParse(seen);
  if (parsed?.success === true) return;
  const detail = parsed?.error.message ?? 'a body was not declared';
  throw new Error(`${where} replied something else than it declares: ${detail}`);
}
