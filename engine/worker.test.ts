import { runWorker } from './worker';

const never = () => new Promise<void>(() => undefined);

describe('a worker that runs', () => {
  it('ends when it was told to', async () => {
    const stopped = { run: () => Promise.resolve(), getState: () => 'STOPPED' as const };
    await expect(runWorker(stopped)).resolves.toBeUndefined();
  });

  it('throws why it could not go on', async () => {
    const run = () => Promise.reject(new Error('refused'));
    await expect(runWorker({ run, getState: () => 'RUNNING' })).rejects.toThrow('refused');
  });

  it('throws when it has failed, although its run never ends', async () => {
    await expect(runWorker({ run: never, getState: () => 'FAILED' })).rejects.toThrow('poll');
  });
});
