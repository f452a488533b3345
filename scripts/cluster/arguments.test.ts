import { readArguments } from './arguments';

describe('the arguments of the cluster', () => {
  it('are two of each that stay up when nothing is said', () => {
    expect(readArguments([])).toEqual({
      ...{ apis: 2, workers: 2, seconds: undefined },
      ...{ keep: true, temporalAddress: undefined },
    });
  });

  it('end after the trial unless told to stay up', () => {
    expect(readArguments(['--seconds', '20'])).toMatchObject({ seconds: 20, keep: false });
    expect(readArguments(['--seconds', '20', '--keep'])).toMatchObject({ seconds: 20, keep: true });
  });

  it('may name an engine that runs already', () => {
    const { temporalAddress } = readArguments(['--temporal', '127.0.0.1:7233']);
    expect(temporalAddress).toBe('127.0.0.1:7233');
  });

  it.each([
    [['--apis', '0'], '--apis must be a whole number above 0, not 0.'],
    [['--seconds', '2'], '--seconds must be 8 or more, not 2.'],
    [['--temporal', 'http://somewhere'], '--temporal must be host:port, not http://somewhere.'],
    [['--nodes', '2'], "Unknown option '--nodes'"],
  ])('refuse %j with what is wrong and how it is used', (given, why) => {
    expect(() => readArguments(given)).toThrow(why);
    expect(() => readArguments(given)).toThrow('Usage: npm run cluster');
  });
});
