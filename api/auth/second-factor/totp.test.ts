import { toInstant } from '../../../models/instant';
import { newTotpSecret, provisioningUriOf, stepOf } from './totp';

/** The secret of RFC 6238, "12345678901234567890", in base 32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const at = (seconds: number) => toInstant(seconds * 1000);

describe('a code', () => {
  // Appendix B of RFC 6238, SHA-1; of its eight digits the last six.
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
    [20_000_000_000, '353130', 666_666_666],
  ])('is that of the RFC: %i s', (seconds, code, step) => {
    expect(stepOf(secret, code, at(seconds))).toBe(step);
    expect(stepOf(secret, ` ${code.slice(0, 3)} ${code.slice(3)}`, at(seconds))).toBe(step);
  });

  it('is good for one step either side, and says its own', () => {
    const [code, begins] = ['005924', 1_234_567_890];
    for (const seconds of [begins - 30, begins + 59]) {
      expect(stepOf(secret, code, at(seconds))).toBe(41_152_263);
    }
    for (const seconds of [begins - 31, begins + 60]) {
      expect(stepOf(secret, code, at(seconds))).toBeUndefined();
    }
  });

  it.each(['005925', '05924', '0059240', '', 'abcdef', '٠٠٥٩٢٤'])('is not %j', (code) => {
    expect(stepOf(secret, code, at(1_234_567_890))).toBeUndefined();
  });
});

describe('a secret', () => {
  it('has 160 bits, and is never the same', () => {
    const [one, other] = [newTotpSecret(), newTotpSecret()];
    expect(one).toMatch(/^[A-Z2-7]{32}$/);
    expect(one).not.toBe(other);
  });

  it('is told to an app with whose it is', () => {
    const uri = new URL(provisioningUriOf(secret, 'Holdfast acme', 'ada+x@acme.example'));
    expect(uri.protocol + uri.host).toBe('otpauth:totp');
    expect(decodeURIComponent(uri.pathname)).toBe('/Holdfast acme:ada+x@acme.example');
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret, issuer: 'Holdfast acme' });
  });
});
