/** Why there was no answer, without the address: `ECONNREFUSED`, or what we said ourselves. */
export function withoutAddress(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const [name, code, message] = ['name', 'code', 'message'].map((member): unknown =>
    Reflect.get(error, member),
  );
  if (name === 'AbortError' || name === 'TimeoutError') return 'it took too long';
  return typeof code === 'string' ? code : String(message);
}
