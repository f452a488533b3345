import fc from 'fast-check';
import { excerptOf, foundFrom, foundTo } from './excerpt';

describe('an excerpt', () => {
  it('marks what was found', () => {
    expect(excerptOf(`no ${foundFrom}mail${foundTo}\n since`)).toBe('no <mark>mail</mark> since');
  });

  it('has no other elements, whatever was written', () => {
    const written = fc.array(
      fc.constantFrom('<script>', '&', '"', "'", foundFrom, foundTo, 'mail', '<mark onclick="x">'),
    );
    fc.assert(
      fc.property(written, (parts) => {
        const left = excerptOf(parts.join('')).replaceAll(/<\/?mark>/g, '');
        expect(left).not.toMatch(/[<>"']|&(?!\w+;|#39;)/);
      }),
    );
  });
});
