/** Recovery codes: each opens the door once when the authenticator is lost. */
import { createHash, randomBytes } from 'node:crypto';

const howMany = 10;
/** 80 bits: nobody tries them all, so a plain hash is enough. */
const bytes = 10;

/** Ten of the form `3f9a1-0c2d4-…`, in hexadecimal digits that nobody mistakes for each other. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: howMany }, () => {
    const digits = randomBytes(bytes).toString('hex');
    return [0, 5, 10, 15].map((at) => digits.slice(at, at + 5)).join('-');
  });
}

/** What a code is kept under, however it was typed; undefined when it cannot be one. */
export function recoveryCodeHashOf(code: string): string | undefined {
  const digits = code.replaceAll(/[\s-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{20}$/.test(digits)) return undefined;
  return createHash('sha256').update(digits).digest('hex');
}
