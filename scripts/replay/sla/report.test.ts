import { closedAfter } from './fixtures/marked-incident';
import { comparisonOf } from './report';

/** Each twice: every second one is judged by what the others teach. */
const log = [10, 10, 20, 20, 30, 30, 50, 50].map((hours) =>
  closedAfter(hours, { isMet: hours < 25 }),
);
const odd = closedAfter(60, { isMet: true });
const lines = comparisonOf([...log, closedAfter(40, { isMet: false }), odd]);
const cellsOf = (name: string) =>
  lines
    .filter((line) => line.startsWith(`| ${name} `))
    .map((line) =>
      line
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim()),
    );

describe('the comparison', () => {
  it('counts the half that did not find the targets', () => {
    const [guess] = cellsOf('guess: always met');
    expect(guess).toEqual(['3', '0', '0', '2', '0', '3 (60.0 %)', '2 (40.0 %)']);
    const [clock] = cellsOf('G: until the first Closed row');
    expect(clock).toEqual(['2', '2', '1', '0', '0', '4 (80.0 %)', '5 (100.0 %)']);
  });

  it('gives one reason for each mark that does not agree', () => {
    const [none] = cellsOf('none of these');
    expect(none?.at(-1)).toBe('1');
    expect(cellsOf('together')).toEqual([none]);
  });

  it('says between which hours the targets lie', () => {
    expect(cellsOf('first Closed row')).toEqual([['P3', '20.00', '30.00', '9', '10']]);
  });
});
