import { askedOf } from './asked';

const types = [
  { type: 'incident', prefix: 'INC' },
  { type: 'problem', prefix: 'PRB' },
];
const asked = (q: string) => askedOf(q, types);

describe('what is typed', () => {
  it.each([
    ['print', '', 'print'],
    ['no mail from outl', 'no mail from ', 'outl'],
    ['Drücker', '', 'Drücker'],
    ['0x80070005', '', '0x80070005'],
  ])('may go on at its last word: %s', (q, head, tail) => {
    expect(asked(q)).toMatchObject({ head, tail });
  });

  it.each([
    'a',
    'no x',
    '"no mail',
    'printer -ja',
    'mail or outl',
    'vpn.acme.exa',
    'e-mai',
    'what?',
  ])('is taken as it is: %s', (q) => {
    expect(asked(q)).toMatchObject({ head: q, tail: '' });
  });

  it.each([
    ['INC0000042', 'INC0000042'],
    ['inc42', 'INC0000042'],
    ['prb-7', 'PRB0000007'],
    ['INC123456789', 'INC123456789'],
  ])('may be the number of a ticket: %s', (q, number) => {
    expect(asked(q).number?.number).toBe(number);
  });

  it.each(['KB42', '42', 'INC', 'INC42 again'])('or is none: %s', (q) => {
    expect(asked(q).number).toBeNull();
  });
});
