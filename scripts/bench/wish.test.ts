import { readWish } from './wish';

describe('the command line of the bench', () => {
  it('asks for the full bench and no files by default', () => {
    const files = { json: undefined, report: undefined };
    expect(readWish([])).toEqual({ part: 'usual', isQuick: false, ...files });
  });

  it('takes a quick one and the files of figures and report', () => {
    const given = ['--quick', '--json', 'a.json', '--report', 'b.md'];
    expect(readWish(given)).toEqual({
      ...{ part: 'usual', isQuick: true, json: 'a.json', report: 'b.md' },
    });
  });

  it('takes deadlines or searches alone, which write no document', () => {
    expect(readWish(['deadlines', '--quick'])).toMatchObject({ part: 'deadlines', isQuick: true });
    expect(readWish(['search'])).toMatchObject({ part: 'search', isQuick: false });
    expect(() => readWish(['deadlines', '--report', 'b.md'])).toThrow(/no --report/);
  });

  it('refuses what it does not know, with the usage', () => {
    expect(() => readWish(['--fast'])).toThrow(/--fast[^]*Usage: npm run bench/);
    expect(() => readWish(['clocks'])).toThrow(/no part clocks[^]*Usage: npm run bench/);
  });
});
