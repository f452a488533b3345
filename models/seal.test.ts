import { sealFor } from './seal';

const secret = 'a secret of at least thirty-two characters';
const seal = sealFor('second-factor', secret);

describe('what is sealed', () => {
  it('is opened again, and does not show what it is', () => {
    const sealed = seal.close('GEZDGNBV', 'acme/anna');
    expect(sealed).not.toBe(seal.close('GEZDGNBV', 'acme/anna'));
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('GEZDGNBV');
    expect(sealFor('second-factor', secret).open(sealed, 'acme/anna')).toBe('GEZDGNBV');
  });

  it('cannot be opened for another, for another purpose, or under another secret', () => {
    const sealed = seal.close('GEZDGNBV', 'acme/anna');
    expect(seal.open(sealed, 'acme/bert')).toBeUndefined();
    expect(sealFor('mail', secret).open(sealed, 'acme/anna')).toBeUndefined();
    expect(sealFor('second-factor', `${secret}.`).open(sealed, 'acme/anna')).toBeUndefined();
  });

  it('cannot be changed', () => {
    const bytes = Buffer.from(seal.close('GEZDGNBV', 'acme/anna'), 'base64');
    for (const place of [0, 12, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(seal.open(changed.toString('base64'), 'acme/anna')).toBeUndefined();
    }
  });
});
