/** Codes of an authenticator app (RFC 6238): SHA-1, six digits, 30 seconds, which is what all of them can. */
import { generateSecret, generateURI, verifySync } from 'otplib/functional';
import { msOf, type Instant } from '../../../models/instant';

const kind = { strategy: 'totp', algorithm: 'sha1', digits: 6, period: 30 } as const;

const sixDigits = /^\d{6}$/;

/** One step either side: clocks differ, and typing takes time. */
const toleranceSeconds = kind.period;

/** 160 random bits in base 32. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** What an authenticator app reads from the QR code. */
export function provisioningUriOf(secret: string, issuer: string, account: string): string {
  return generateURI({ ...kind, issuer, label: account, secret });
}

/**
 * The number of the 30 seconds since 1970 that a code belongs to, blanks in it or not; undefined: it is wrong.
 */
export function stepOf(secret: string, code: string, at: Instant): number | undefined {
  const token = code.replaceAll(/\s/g, '');
  if (!sixDigits.test(token)) return undefined;
  const epoch = Math.floor(msOf(at) / 1000);
  const found = verifySync({ ...kind, secret, token, epoch, epochTolerance: toleranceSeconds });
  return found.valid && 'timeStep' in found ? found.timeStep : undefined;
}
