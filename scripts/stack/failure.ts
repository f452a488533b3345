/**
 * What was thrown, read without `instanceof`: an error of Node itself belongs to another realm
 * than the code under test in jest.
 */

/** The message of whatever was thrown; connection errors of Node carry only a code. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const message = 'message' in thrown ? String(thrown.message) : '';
  return message === '' ? (codeOf(thrown) ?? 'unknown failure') : message;
}

/** The code of a system or database error, e.g. `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown
    ? String(thrown.code)
    : undefined;
}

/** What lies behind the error, or the error itself. */
export function causeOf(thrown: unknown): unknown {
  const hasCause = typeof thrown === 'object' && thrown !== null && 'cause' in thrown;
  return hasCause && thrown.cause !== undefined ? thrown.cause : thrown;
}
