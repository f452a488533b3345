import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program that logs into a file; how it ended, and what the file has. */
async function logged(program: string, limit: string) {
  const file = join(folder, 'log');
  const out = openSync(file, 'a');
  const code = `const { createLog } = require('./log'); const log = createLog('test', 'info');${program}`;
  const run = `${limit} exec "$0" --import tsx -e "$1"`;
  const child = spawn('sh', ['-c', run, process.execPath, code], {
    stdio: ['ignore', out, 'ignore'],
    cwd: __dirname,
    timeout: 10_000,
  });
  closeSync(out);
  const [ended] = (await once(child, 'exit')) as [number | null];
  const lines = readFileSync(file, 'utf8').split('\n');
  return { ended, lines };
}

describe('the log of a process', () => {
  it('has every line in order, those too that were written just before it ended', async () => {
    const program =
      'for (let n = 0; n < 200; n += 1) log.info({ n }, "x".repeat(50)); process.exit(3);';
    const { ended, lines } = await logged(program, '');
    expect(ended).toBe(3);
    const said = lines.slice(0, -1).map((line) => (JSON.parse(line) as { n: number }).n);
    expect(said).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('that can take no more neither ends the process nor keeps it from ending', async () => {
    // No file may grow beyond one block: like a full disk, and possible without one.
    const program = `
      for (let n = 0; n < 20; n += 1) log.info('x'.repeat(4000));
      setTimeout(() => { log.info('still here'); process.exit(3); }, 300);`;
    const { ended, lines } = await logged(program, 'ulimit -f 1;');
    expect(ended).toBe(3);
    expect(lines.join('\n').length).toBeLessThanOrEqual(1_024);
  });
});
