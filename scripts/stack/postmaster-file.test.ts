import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disownDeadPostmaster } from './postmaster-file';

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-postmaster-'));
  path = join(folder, 'postmaster.pid');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the lock of a cluster', () => {
  it('stays when the server that it names lives', async () => {
    const { pid } = await running(process.execPath, ['-e', stayUp, folder]);
    expect(afterDisowning(pid)).toBe(lockOf(pid));
  });

  it('names nobody when the pid belongs to another program now, the rest is kept', async () => {
    const { pid } = await running(process.execPath, ['-e', stayUp, 'another program']);
    expect(afterDisowning(pid)).toBe(lockOf(2_147_483_646));
  });

  it('names nobody when the server is dead and its parent never took notice', async () => {
    const parent = await running('sh', ['-c', `sleep 0 ${folder} & echo $!; exec sleep 60`]);
    expect(afterDisowning(Number(parent.said))).toBe(lockOf(2_147_483_646));
  });

  it('may be missing', () => {
    expect(() => {
      disownDeadPostmaster(folder);
    }).not.toThrow();
  });
});

const stayUp = 'process.stdout.write("up"); setInterval(() => {}, 1000)';
const lockOf = (pid: number | undefined) =>
  `${String(pid)}\n${folder}\n1795416554\n5433\n\n127.0.0.1\n  123456 32\nready\n`;

function afterDisowning(pid: number | undefined): string {
  writeFileSync(path, lockOf(pid));
  disownDeadPostmaster(folder);
  return readFileSync(path, 'utf8');
}

async function running(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [said] = (await once(child.stdout, 'data')).map(String);
  // Time for its own child to end.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { pid: child.pid, said };
}
