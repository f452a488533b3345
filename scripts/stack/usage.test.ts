import { familyOf, readStat, usageOf } from './usage';

describe('what a process has used', () => {
  it('is read behind a program name with spaces and brackets', () => {
    const line = '42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 9 11 20 0 1 0 100';
    expect(readStat(line)).toEqual({ pid: 42, parent: 7, ticks: 220 });
  });

  it('counts a process and all that descend from it, nobody else', () => {
    const stat = (pid: number, parent: number) => ({ pid, parent, ticks: 1 });
    const all = [stat(1, 0), stat(2, 1), stat(3, 2), stat(4, 3), stat(5, 1)];
    expect(familyOf(2, all).map(({ pid }) => pid)).toEqual([2, 3, 4]);
  });

  it('grows with what this process does', () => {
    if (process.platform !== 'linux') return;
    const before = usageOf(process.pid);
    const until = performance.now() + 60;
    while (performance.now() < until);
    const after = usageOf(process.pid);
    expect(after.cpuSeconds).toBeGreaterThan(before.cpuSeconds);
    expect(after.bytes).toBeGreaterThan(10 * 2 ** 20);
  });
});
