import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { farewells } from './farewell';
import { isAlive } from './process-identity';
import { type Program } from './program';
import { claim, type Claim, lookInto, type RunningChild } from './run-file';
import { endOrphans, openStack, type Stack } from './stack';
import { until } from './wait';

let folder: string;
let held: Claim;
let stack: Stack;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-stack-'));
  held = claim(folder);
  stack = openStack(held, () => undefined);
});
afterEach(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the stack', () => {
  it('closes in order: nobody gets in, nothing is in work, then the stores', async () => {
    for (const name of ['Temporal', 'PostgreSQL', 'worker', 'API'] as const) await run(name);
    await stack.close();
    expect(ends()).toEqual(['API', 'worker', 'PostgreSQL', 'Temporal']);
    expect(children()).toEqual({});
  });

  it('names in the run file what runs, and what replaced a killed one', async () => {
    await run('worker');
    const first = children()['worker'];
    process.kill(first?.pid ?? 0, 'SIGKILL');
    const isAnother = () => ![undefined, first?.pid].includes(children()['worker']?.pid);
    await until(() => Promise.resolve(isAnother()), { what: 'another', withinMs: 10_000 });
    expect(isAlive(children()['worker'] ?? { pid: 1, startedAt: '' })).toBe(true);
  });

  it('starts nothing more once it closes', async () => {
    await stack.close();
    await expect(stack.run(toy('API'))).rejects.toThrow('closing');
  });

  it('has 20 seconds for everything', () => {
    const bounds = Object.values(farewells).map(({ withinMs }) => withinMs);
    expect(bounds.reduce((sum, one) => sum + one, 0)).toBeLessThan(20_000);
  });
});

it('what a killed launcher left behind is ended, and nothing else', async () => {
  await run('PostgreSQL');
  await run('API');
  const orphans = Object.entries(children());
  const stranger: RunningChild = { pid: process.pid, startedAt: 'another/1' };
  await endOrphans({ leftBehind: new Map([...orphans, ['worker', stranger]]) });
  for (const [, orphan] of orphans) expect(isAlive(orphan)).toBe(false);
});

/** Runs a toy that writes its name when it is asked to end. */
async function run(name: keyof typeof farewells): Promise<void> {
  await stack.run(toy(name));
  const isUp = () => existsSync(join(folder, name));
  await until(() => Promise.resolve(isUp()), { what: name, withinMs: 10_000 });
}

function toy(name: keyof typeof farewells): Program {
  const code = `
    const { appendFileSync } = require('fs');
    process.on('${farewells[name].signal}', () => {
      appendFileSync('ends', '${name} ');
      setTimeout(() => process.exit(0), 50);
    });
    setInterval(() => {}, 1000);
    appendFileSync('${name}', '');`;
  return {
    name,
    command: process.execPath,
    args: ['-e', code],
    env: {},
    folder,
    logFile: join(folder, 'log'),
    farewell: farewells[name],
  };
}

const ends = () => readFileSync(join(folder, 'ends'), 'utf8').trim().split(' ');

const children = (): Readonly<Record<string, RunningChild>> =>
  Object.fromEntries(lookInto(folder)?.children ?? []);
