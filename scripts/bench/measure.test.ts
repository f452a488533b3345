import { figuresOf, type Cpu } from './measure';

const cpu = (each: number): Cpu => ({
  ...{ API: each, worker: each, Temporal: each, PostgreSQL: each, client: 0 },
});

describe('the figures of several slices', () => {
  const figures = figuresOf([
    { latencies: [1, 2, 3], errors: [], elapsedMs: 1_000, settledMs: 5, cpu: cpu(10) },
    { latencies: [4], errors: ['202', '202'], elapsedMs: 3_000, settledMs: 400, cpu: cpu(20) },
  ]);

  it('rank all latencies together', () => {
    expect(figures).toMatchObject({ p50: 2, p95: 4, p99: 4, longest: 4 });
  });

  it('count what was answered over the time of all slices', () => {
    expect(figures.perSecond).toBe(1);
  });

  it('name each error with its number', () => {
    expect(figures.errors).toEqual({ '202': 2 });
    expect(figures.requests).toBe(6);
  });

  it('share the CPU among all requests, those with errors too', () => {
    expect(figures.cpu).toEqual(cpu(5));
  });

  it('keep the longest time of settling', () => {
    expect(figures.settledMs).toBe(400);
  });
});
