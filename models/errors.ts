/**
 * Refusals: what a caller did that cannot be done, as a closed list of codes.
 * An outage is any other error and is retried; a bug is any other error and is loud.
 */
export const errorCodes = {
  invalid_request: 'The request cannot be read: malformed JSON, a bad cursor, a bad header.',
  invalid_input: 'Fields are missing, unknown or wrong; `errors` lists each with a pointer.',
  unauthenticated: 'No valid bearer token, or wrong email or password.',
  forbidden: 'The caller is known but may not do this.',
  organization_suspended: 'The organization is suspended; nobody of it may come in.',
  password_change_required:
    'The caller must choose a new password first: POST /me/change-password.',
  second_factor_required:
    'The role of the caller must have a second factor: POST /me/second-factor.',
  step_up_required:
    'The caller must prove anew who they are, it is more than 5 minutes ago: POST /me/step-up.',
  not_found: 'There is no such thing, or the caller may not see it.',
  method_not_allowed: 'The address exists, the method does not.',
  conflict: 'It collides with what is there.',
  invalid_transition: 'The ticket is not in a state from which this is possible.',
  stale_version: 'If-Match names a revision that is no longer the present one.',
  idempotency_mismatch: 'This Idempotency-Key was used for another request.',
  idempotency_in_progress: 'A request with this Idempotency-Key is still running.',
  payload_too_large:
    'The body is larger than 1 MiB, 2 MiB for an import, or a file than its limit.',
  unsupported_media_type: 'The body is not JSON, or a file is not what it is said to be.',
  range_not_satisfiable: 'The file has no such bytes.',
  rate_limited: 'Too many requests; see Retry-After.',
  unavailable: 'A part of the service is away for the moment; repeat later.',
  rule_failed: 'A rule of the process failed; it is set aside, alarmed, and can be retried.',
  internal: 'Something that should not happen; operations find it by the request id.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One thing that is wrong, at a JSON pointer into the input. */
export interface InputIssue {
  readonly pointer: string;
  readonly detail: string;
  readonly code: string;
}

export interface Details {
  /** What is wrong where, for `invalid_input`. */
  readonly errors?: readonly InputIssue[];
  /** Further members of the problem document, e.g. `allowed`. */
  readonly [member: string]: unknown;
}

/** A refusal: the caller can act on it. Never wraps a bug or an outage. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
  }
}

/** Shorthand for one wrong field: `invalid('/impact', 'is not a known impact')`. */
export function invalid(pointer: string, detail: string, code = 'invalid'): Refusal {
  return new Refusal('invalid_input', `${pointer.slice(1) || 'The input'} ${detail}.`, {
    errors: [{ pointer, detail, code }],
  });
}
