import fc from 'fast-check';
import { passwordIssues } from './password-policy';

const owner = { name: 'Ada Lovelace', email: 'countess@acme.example' };
const codesOf = (password: string) =>
  passwordIssues(password, owner, '/password').map(({ code }) => code);

describe('a password', () => {
  it.each(['Correct-horse-1', 'Zwölf-Böxkämpfer-9', 'jAg7#mmmmmmmm', '1Пароль-длинный!'])(
    'is good: %s',
    (password) => {
      expect(codesOf(password)).toEqual([]);
    },
  );

  it.each([
    ['Sh0rt!', ['too_short']],
    ['correct-horse-1', ['too_plain']],
    ['CORRECT-HORSE-1', ['too_plain']],
    ['Correct-horse-x', ['too_plain']],
    ['Correcthorse11', ['too_plain']],
    ['Password1234!', ['too_common']],
    ['12Qwertyuiop!!', ['too_common']],
    ['My-Lovelace-77', ['tells_owner']],
    ['The-COUNTESS-7', ['tells_owner']],
    ['', ['too_short', 'too_plain']],
  ])('is refused: %j because of %j', (password, codes) => {
    expect(codesOf(password)).toEqual(codes);
  });

  it('is judged the same wherever a short name stands in it', () => {
    const ada = { name: 'Al', email: 'al@acme.example' };
    expect(passwordIssues('Correct-al-horse-1', ada, '/password')).toEqual([]);
  });

  it('never makes the judge throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (password) => {
        for (const { pointer } of passwordIssues(password, owner, '/x')) expect(pointer).toBe('/x');
      }),
    );
  });
});
