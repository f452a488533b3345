import { shareOf } from './memory';

describe('the memory of a process', () => {
  it('is its proportional share, in KiB', () => {
    expect(shareOf('Rss:  9000 kB\nPss:            4321 kB\nPss_Anon:  17 kB\n')).toBe(4321);
  });

  it('is nothing where the system does not tell', () => {
    expect(shareOf('')).toBe(0);
  });
});
