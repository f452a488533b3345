import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { end, identify, isAlive, type ProcessIdentity } from './process-identity';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('a process', () => {
  it('is known by its pid and the instant at which it started', async () => {
    const known = await living('setInterval(() => {}, 1000)');
    expect(identify(known.pid)).toEqual(known);
    expect(isAlive(known)).toBe(true);
  });

  it('is not taken for another that has its pid', async () => {
    const known = await living('setInterval(() => {}, 1000)');
    expect(isAlive({ ...known, startedAt: 'another/1' })).toBe(false);
  });

  it('is not ended on the word of another that had its pid', async () => {
    const known = await living('setInterval(() => {}, 1000)');
    await end({ ...known, startedAt: 'another/1' }, { signal: 'SIGKILL', withinMs: 100 });
    expect(isAlive(known)).toBe(true);
  });

  it('ends by its own signal when it listens to it', async () => {
    const known = await living(
      'process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000)',
    );
    const exit = once(childOf(known), 'exit');
    await end(known, { signal: 'SIGTERM', withinMs: 5000 });
    expect(await exit).toEqual([7, null]);
    expect(isAlive(known)).toBe(false);
  });

  it('ends by force when it does not listen within the bound', async () => {
    const known = await living('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
    const exit = once(childOf(known), 'exit');
    await end(known, { signal: 'SIGTERM', withinMs: 100 });
    expect(await exit).toEqual([null, 'SIGKILL']);
  });

  it('that does not exist is nobody', async () => {
    const known = await living('');
    const child = childOf(known);
    if (child.exitCode === null) await once(child, 'exit');
    expect(identify(known.pid)).toBeUndefined();
  });
});

async function living(code: string): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', `${code}; process.stdout.write("up")`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  const known = identify(child.pid ?? 0);
  await once(child.stdout, 'data');
  if (known === undefined) throw new Error('It did not start.');
  return known;
}

function childOf({ pid }: ProcessIdentity): ChildProcess {
  const child = children.find((one) => one.pid === pid);
  if (child === undefined) throw new Error('No such child.');
  return child;
}
