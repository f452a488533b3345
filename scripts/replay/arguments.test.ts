import { readArguments } from './arguments';
import { formats } from './format';

describe('the command line of a replay', () => {
  it('needs a log and its format only', () => {
    expect(readArguments(['log.csv', '--format', 'uci'])).toEqual({
      log: 'log.csv',
      format: formats['uci'],
      limit: undefined,
      report: undefined,
      url: undefined,
      resume: undefined,
      isMeasured: false,
      concurrency: 12,
    });
  });

  it('reads a limit, a report and an address', () => {
    const given = ['--limit', '20', '--report', 'r.md', '--url', 'http://localhost:3000/'];
    expect(readArguments(['log.csv', '--format', 'uci', ...given])).toMatchObject({
      limit: 20,
      report: 'r.md',
      url: 'http://localhost:3000',
    });
  });

  it('reads where a run goes on, and that the stack is measured', () => {
    const given = ['--resume', 'kept', '--measure'];
    expect(readArguments(['log.csv', '--format', 'bpi2013', ...given])).toMatchObject({
      format: formats['bpi2013'],
      resume: 'kept',
      isMeasured: true,
    });
  });

  it.each([
    [[], 'exactly one log'],
    [['a.csv', 'b.csv', '--format', 'uci'], 'exactly one log'],
    [['a.csv'], '--format uci|bpi2013'],
    [['a.csv', '--format', 'bpi'], '--format uci|bpi2013'],
    [['a.csv', '--format', 'constructor'], '--format uci|bpi2013'],
    [['a.csv', '--format', 'uci', '--measure'], '--resume'],
    [['a.csv', '--format', 'uci', '--limit', '0'], '--limit'],
    [['a.csv', '--format', 'uci', '--limit', 'many'], '--limit'],
    [['a.csv', '--format', 'uci', '--url', 'somewhere'], '--url'],
    [['a.csv', '--format', 'uci', '--fast'], '--fast'],
  ])('refuses %j, says why and how it is used', (given, why) => {
    expect(() => readArguments(given)).toThrow(why);
    expect(() => readArguments(given)).toThrow('Usage:');
  });
});
