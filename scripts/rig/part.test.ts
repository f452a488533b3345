import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { partOf } from './part';

describe('a part that was stopped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-part-'));
  const part = partOf(
    {
      name: 'sleeper',
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      env: {},
      logFile: join(folder, 'sleeper.log'),
      farewell: { signal: 'SIGTERM', withinMs: 2_000 },
    },
    { note: () => undefined },
  );
  afterAll(async () => {
    await part.kill();
    rmSync(folder, { recursive: true });
  });

  it('can be started again at once, before this process has heard of its end', async () => {
    await part.start();
    const before = part.pid();
    const stopping = part.stop();
    await setImmediate();
    // Nothing is heard while this thread sleeps; the process ends meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    await stopping;
    await part.start();
    expect(part.hopeless()).toBeUndefined();
    expect(part.pid()).not.toBe(before);
    expect(part.pid()).toBeDefined();
  });
});
