import { randomOf, wordsOf } from '../crowd/vocabulary';
import { cut, mistyped } from './questions';

describe('what the bench types', () => {
  it('is begun at its last word', () => {
    expect([cut('no printer', 0), cut('no printer', 0.99), cut('vpn', 0.5)]).toEqual([
      ...['no pri', 'no printer', 'vpn'],
    ]);
  });

  it('has two letters of its longest word in each other’s place', () => {
    expect(mistyped('my printer is')).toBe('prniter');
  });

  it('is the same in every run', () => {
    const [one, other] = [wordsOf(randomOf(7)), wordsOf(randomOf(7))];
    expect(one.text(20, 20)).toBe(other.text(20, 20));
    expect(wordsOf(randomOf(8)).text(20, 20)).not.toBe(one.text(20, 20));
  });
});
