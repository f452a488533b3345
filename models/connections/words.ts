/** Why there was no answer, without the address: `ECONNREFUSED`, or what we said ourselves. */
export function withoutAddress(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'it took too long';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message;
}
