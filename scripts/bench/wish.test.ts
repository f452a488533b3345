import { readWish } from './wish';

describe('the command line of the bench', () => {
  it('asks for the full bench and no files by default', () => {
    expect(readWish([])).toEqual({ isQuick: false, json: undefined, report: undefined });
  });

  it('takes a quick one and the files of figures and report', () => {
    const given = ['--quick', '--json', 'a.json', '--report', 'b.md'];
    expect(readWish(given)).toEqual({ isQuick: true, json: 'a.json', report: 'b.md' });
  });

  it('refuses what it does not know, with the usage', () => {
    expect(() => readWish(['--fast'])).toThrow(/--fast[^]*Usage: npm run bench/);
  });
});
