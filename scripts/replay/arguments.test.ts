import { readArguments } from './arguments';

describe('the command line of a replay', () => {
  it('needs a log and its format only', () => {
    expect(readArguments(['log.csv', '--format', 'uci'])).toEqual({
      log: 'log.csv',
      limit: undefined,
      report: undefined,
      url: undefined,
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

  it.each([
    [[], 'exactly one log'],
    [['a.csv', 'b.csv', '--format', 'uci'], 'exactly one log'],
    [['a.csv'], '--format uci'],
    [['a.csv', '--format', 'bpi'], '--format uci'],
    [['a.csv', '--format', 'uci', '--limit', '0'], '--limit'],
    [['a.csv', '--format', 'uci', '--limit', 'many'], '--limit'],
    [['a.csv', '--format', 'uci', '--url', 'somewhere'], '--url'],
    [['a.csv', '--format', 'uci', '--fast'], '--fast'],
  ])('refuses %j, says why and how it is used', (given, why) => {
    expect(() => readArguments(given)).toThrow(why);
    expect(() => readArguments(given)).toThrow('Usage:');
  });
});
