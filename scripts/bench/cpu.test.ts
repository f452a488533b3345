import { cpuMsOf, familyOf, spentOf } from './cpu';

// pid (name) state parent group session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime
const line = (name: string) =>
  `4711 (${name}) S 42 4711 4711 0 -1 4194560 1 2 3 4 150 30 7 3 20 0 1 0 99`;

describe('the CPU time of a process', () => {
  it('is its own and that of the children that it outlived, in milliseconds', () => {
    expect(spentOf(line('node'))).toEqual({ parentPid: 42, cpuMs: 1_900 });
  });

  it('is read past a name with spaces and brackets', () => {
    expect(spentOf(line('postgres: writer (1) 2'))).toEqual({ parentPid: 42, cpuMs: 1_900 });
  });

  it('is nothing for a process that does not run', () => {
    expect(cpuMsOf(undefined)).toBe(0);
    expect(familyOf(undefined)).toEqual([]);
  });
});
