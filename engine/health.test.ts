import { createReadiness } from './health';

const well = () => Promise.resolve(undefined);
const at = (second: number) => `2026-11-23T09:00:0${second}.000Z`;

describe('readiness', () => {
  it('is that of every part; one that throws is not well, with what it threw', async () => {
    const away = () => Promise.reject(new Error('connection refused'));
    const readiness = createReadiness({ database: well, temporal: away }, () => new Date(at(1)));
    expect(await readiness()).toEqual({
      ready: false,
      parts: {
        database: { ok: true, since: at(1) },
        temporal: { ok: false, since: at(1), detail: 'connection refused' },
      },
    });
  });

  it('tells since when each part is as it is', async () => {
    let second = 0;
    const answers = [undefined, undefined, 'slow', 'gone', undefined];
    const worker = () => Promise.resolve(answers[second - 1]);
    const readiness = createReadiness({ worker }, () => new Date(at(second)));
    const history: unknown[] = [];
    for (second = 1; second <= answers.length; second += 1) {
      history.push((await readiness()).parts['worker']);
    }
    expect(history).toEqual([
      { ok: true, since: at(1) },
      { ok: true, since: at(1) },
      { ok: false, since: at(3), detail: 'slow' },
      { ok: false, since: at(3), detail: 'gone' },
      { ok: true, since: at(5) },
    ]);
  });
});
