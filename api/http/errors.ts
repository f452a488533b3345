/** The only mapping from what went wrong to what a caller sees: RFC 9457 problem documents. */
import { Refusal, type ErrorCode, type InputIssue } from '../../models/errors';
import { isOutage } from './outage';

/** Status and title of each code; a code without an entry does not type-check. */
export const problems: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  invalid_request: { status: 400, title: 'The request cannot be read' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  organization_suspended: { status: 403, title: 'The organization is suspended' },
  password_change_required: { status: 403, title: 'A new password is due' },
  second_factor_required: { status: 403, title: 'A second factor is due' },
  step_up_required: { status: 403, title: 'Prove anew who you are' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  invalid_transition: { status: 409, title: 'Not possible in this state' },
  stale_version: { status: 412, title: 'The revision is no longer the present one' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key was used before' },
  idempotency_in_progress: { status: 409, title: 'The same request is still running' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Not a body that is taken here' },
  range_not_satisfiable: { status: 416, title: 'No such bytes' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Unavailable for the moment' },
  rule_failed: { status: 500, title: 'A rule of the process failed' },
  internal: { status: 500, title: 'Internal error' },
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors?: readonly InputIssue[];
  readonly [member: string]: unknown;
}

const secondsUntilRetry = 2;

/** What the caller is told about an error. `internal` and `unavailable` say nothing of their cause. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isOutage(error)) {
    return new Refusal('unavailable', 'A part of the service is away. Repeat the request later.', {
      retryAfterSeconds: secondsUntilRetry,
    });
  }
  return (
    unreadable(error) ??
    new Refusal('internal', 'Something went wrong. Operations find it by the request id.')
  );
}

/** The problem document of a refusal: the details are members beside the standard ones. */
export function problemOf(refusal: Refusal, requestId: string): Problem {
  const { status, title } = problems[refusal.code];
  return {
    ...refusal.details,
    type: `urn:holdfast:error:${refusal.code}`,
    title,
    status,
    detail: refusal.message,
    code: refusal.code,
    requestId,
  };
}

/** Headers that a refusal asks for. */
export function headersOf(refusal: Refusal): Record<string, string> {
  const { retryAfterSeconds, allow, bytes } = refusal.details;
  return {
    'Content-Type': 'application/problem+json; charset=utf-8',
    ...(refusal.code === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer realm="Holdfast"' }),
    ...(typeof retryAfterSeconds === 'number' && { 'Retry-After': String(retryAfterSeconds) }),
    ...(refusal.code === 'range_not_satisfiable' && {
      'Content-Range': `bytes */${String(bytes)}`,
    }),
    ...(Array.isArray(allow) && { Allow: allow.join(', ') }),
  };
}

/** What the body parser and the router throw before any of our code runs. */
function unreadable(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  switch (error.status) {
    case 413:
      return new Refusal('payload_too_large', tooLarge(error));
    case 415:
      return new Refusal('unsupported_media_type', 'Send UTF-8 JSON, plain or as gzip or deflate.');
    case 400:
      return new Refusal('invalid_request', readableDetail(error));
    default:
      return undefined;
  }
}

/** The parser says in bytes what the route takes. */
function tooLarge(error: Error): string {
  const bytes = 'limit' in error ? Number(error.limit) : 1_048_576;
  return `The body is larger than ${Math.round(bytes / 1_048_576)} MiB.`;
}

function readableDetail(error: Error): string {
  const kind = 'type' in error ? error.type : undefined;
  if (kind === 'entity.parse.failed') return 'The body is not well-formed JSON.';
  if (kind === 'request.size.invalid') return 'The body is not as long as Content-Length says.';
  if (kind === 'request.aborted') return 'The request was abandoned.';
  return 'The address or the body is malformed.';
}
