import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from './process-identity';
import { type Program } from './program';
import { keepAlive, type Kept } from './supervisor';
import { until } from './wait';

let folder: string;
let kept: Kept | undefined;
const starts: ProcessIdentity[] = [];
const said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-supervisor-'));
});
afterEach(async () => {
  await kept?.stop();
  kept = undefined;
  starts.length = said.length = 0;
  rmSync(folder, { recursive: true, force: true });
});

describe('a program that is kept alive', () => {
  it('is started again when it was killed, and this is said in one line', async () => {
    await keep('setInterval(() => {}, 1000)');
    process.kill(latest().pid, 'SIGKILL');
    await startsToBe(2);
    expect(isAlive(latest())).toBe(true);
    expect(said).toEqual(['toy ended (SIGKILL), starting it again in 0.2 s']);
  });

  it('is started again later each time, and never has a twin', async () => {
    await keep('process.exit(3)');
    await startsToBe(3);
    expect(said.slice(0, 2)).toEqual([
      'toy ended (code 3), starting it again in 0.2 s',
      'toy ended (code 3), starting it again in 0.4 s',
    ]);
    for (const before of starts.slice(0, -1)) expect(isAlive(before)).toBe(false);
  });

  it('that never stays up is given up on with its last words', async () => {
    await keep('console.error("no such table"); process.exit(1)');
    await until(() => Promise.resolve(kept?.hopeless() !== undefined), patience);
    expect(kept?.hopeless()).toContain('toy ended 5 times');
    expect(kept?.hopeless()).toContain('no such table');
  });

  it('stays ended once it was stopped, also between two starts', async () => {
    await keep('process.exit(1)');
    await until(() => Promise.resolve(said.length >= 2), patience);
    await kept?.stop();
    const before = starts.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(starts).toHaveLength(before);
  });

  it('that cannot be started at all is an error at once', async () => {
    const missing = { ...toy(''), command: join(folder, 'missing') };
    await expect(keepAlive(missing, { say: () => undefined })).rejects.toThrow(
      'toy cannot be started',
    );
  });

  it('is not left running when its start cannot be noted', async () => {
    const full = (_: Program, identity: ProcessIdentity) => {
      starts.push(identity);
      throw new Error('disk full');
    };
    const program = toy('setInterval(() => {}, 1000)');
    const failure = keepAlive(program, { say: () => undefined, onStart: full });
    await expect(failure).rejects.toThrow('disk full');
    await until(() => Promise.resolve(!isAlive(latest())), patience);
    expect(starts).toHaveLength(1);
  });

  it('whose log has grown large begins a new one and keeps the old one', async () => {
    writeFileSync(join(folder, 'toy.log'), Buffer.alloc(21 * 1024 * 1024, 'x'));
    await keep('console.log("fresh"); setInterval(() => {}, 1000)');
    const isFresh = () => readFileSync(join(folder, 'toy.log'), 'utf8') === 'fresh\n';
    await until(() => Promise.resolve(isFresh()), patience);
    expect(existsSync(join(folder, 'toy.log.1'))).toBe(true);
  });
});

const patience = { what: 'the toy', withinMs: 10_000 };

async function keep(code: string): Promise<void> {
  kept = await keepAlive(toy(code), {
    say: (line) => said.push(line),
    onStart: (_, identity) => starts.push(identity),
  });
}

function toy(code: string): Program {
  return {
    name: 'toy',
    command: process.execPath,
    args: ['-e', code],
    env: {},
    logFile: join(folder, 'toy.log'),
    farewell: { signal: 'SIGTERM', withinMs: 500 },
  };
}

const startsToBe = (count: number) =>
  until(() => Promise.resolve(starts.length >= count), patience);

function latest(): ProcessIdentity {
  const last = starts.at(-1);
  if (last === undefined) throw new Error('It never started.');
  return last;
}
