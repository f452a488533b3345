import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from './process-identity';
import { claim, lookInto } from './run-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-run-file-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const child = { pid: 4711, startedAt: 'boot/1', port: 5433 };

describe('a data folder', () => {
  it('is free at first, and again after its release', () => {
    const held = claim(folder);
    expect(held.leftBehind.size).toBe(0);
    held.release();
    expect(existsSync(join(folder, 'run.json'))).toBe(false);
    expect(claim(folder).leftBehind.size).toBe(0);
  });

  it('is refused while another launcher lives, which is named', () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      writeRun({ launcher: identify(other.pid ?? 0), address: 'http://127.0.0.1:3000' });
      expect(() => claim(folder)).toThrow(
        `already running on this data folder at http://127.0.0.1:3000 (pid ${String(other.pid)})`,
      );
      expect(lookInto(folder)?.isAbandoned).toBe(false);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('of a dead launcher is taken over with the names of what it left behind', () => {
    writeRun({ launcher: { pid: dead(), startedAt: 'boot/1' }, children: { PostgreSQL: child } });
    expect(lookInto(folder)?.isAbandoned).toBe(true);
    const held = claim(folder);
    expect([...held.leftBehind]).toEqual([['PostgreSQL', child]]);
    // Should we be killed before we have ended it, the next one must still know of it.
    expect(readRun()).toMatchObject({
      launcher: { pid: process.pid },
      children: { PostgreSQL: child },
    });
  });

  it('is taken over when the pid of its launcher belongs to another process now', () => {
    writeRun({ launcher: { pid: process.ppid, startedAt: 'before the boot/1' } });
    expect(() => claim(folder)).not.toThrow();
  });

  it('with a damaged run file is refused with what to do', () => {
    writeFileSync(join(folder, 'run.json'), '{"launcher":');
    expect(() => claim(folder)).toThrow('is damaged');
  });
});

it('the run file names each child with pid, start and port, and forgets it when it ended', () => {
  const held = claim(folder);
  held.note('PostgreSQL', child);
  held.note('worker', { pid: 4712, startedAt: 'boot/2' });
  held.forget('worker');
  expect(readRun()).toEqual({
    launcher: identify(process.pid),
    children: { PostgreSQL: child },
  });
});

it('of many that start at once on an abandoned folder exactly one gets it', async () => {
  writeRun({ launcher: { pid: dead(), startedAt: 'boot/1' } });
  const rivals = [rival(), rival(), rival(), rival()];
  await Promise.all(rivals.map(({ stdout }) => once(stdout, 'data')));
  const answers = rivals.map(({ stdout }) => once(stdout, 'data'));
  for (const { stdin } of rivals) stdin.write('go');
  const said = (await Promise.all(answers)).map(String);
  for (const one of rivals) one.kill('SIGKILL');
  expect(said.sort()).toEqual(['mine', 'refused', 'refused', 'refused']);
});

/** A process that says it is there, claims the folder when told to, and holds it. */
function rival() {
  const code = `
    const { claim } = require('./run-file');
    process.stdin.once('data', () => {
      try { claim(${JSON.stringify(folder)}); process.stdout.write('mine'); }
      catch (error) { process.stdout.write(/already running/.test(error.message) ? 'refused' : error.message); }
    });
    process.stdout.write('there');`;
  return spawn(process.execPath, ['--import', 'tsx', '-e', code], { cwd: __dirname });
}

function dead(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

function writeRun(run: object): void {
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ children: {}, ...run }));
}

const readRun = (): unknown => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
