import { until } from './wait';

const soon = { what: 'The thing', withinMs: 30, everyMs: 5 };

describe('waiting', () => {
  it('ends with the last failure of the probe', async () => {
    const probe = () => Promise.reject(new Error('no connection'));
    await expect(until(probe, soon)).rejects.toThrow(
      'The thing: not within 0.03 s (no connection)',
    );
  });

  it('does not blame a failure that was over long ago', async () => {
    let asked = 0;
    const probe = () => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('no connection')) : Promise.resolve(false);
    };
    await expect(until(probe, soon)).rejects.toThrow(/^The thing: not within 0.03 s$/);
  });
});
