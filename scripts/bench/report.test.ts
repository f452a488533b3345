import type { Figures } from './measure';
import { rounded, speedTable, underHead } from './report';

const figures = (perSecond: number): Figures => ({
  ...{ requests: 100, perSecond, p50: 1.25, p95: 20, p99: 300, longest: undefined },
  ...{ errors: {}, settledMs: 0 },
  cpu: { API: 1, worker: 2, Temporal: 3, PostgreSQL: 4, client: 0.5 },
});

const cellsOf = (row = '') => row.split('|').map((cell) => cell.trim());

describe('the table of operations', () => {
  it('compares each write with the bare engine, whose line follows', () => {
    const line = {
      operation: 'open',
      atOnce: 8,
      figures: figures(80),
      bare: figures(100),
    } as const;
    const [, , ours, bare] = speedTable([line]).map(cellsOf);
    expect(ours?.slice(1, 5)).toEqual(['open', '8', '80.0', '0.80']);
    expect(bare?.slice(1, 5)).toEqual(['bare open', '8', '100', '']);
  });

  it('adds up the CPU of all processes', () => {
    const line = { operation: 'read', atOnce: 1, figures: figures(9), bare: undefined } as const;
    const [, , ours] = speedTable([line]).map(cellsOf);
    expect(ours?.slice(-7, -1)).toEqual(['1.0', '2.0', '3.0', '4.0', '0.5', '10.5']);
  });

  it('names errors with their number', () => {
    const failing = { ...figures(9), errors: { '500 internal': 2, '202 undecided': 1 } };
    const line = { operation: 'read', atOnce: 1, figures: failing, bare: undefined } as const;
    expect(speedTable([line])[2]).toContain('| 2 x 500 internal, 1 x 202 undecided |');
  });
});

describe('a figure', () => {
  it.each([
    [undefined, '-'],
    [Infinity, '-'],
    [3.14159, '3.1'],
    [1234.5, '1235'],
  ])('of %p reads %s', (value, text) => {
    expect(rounded(value)).toBe(text);
  });
});

describe('a report in a document', () => {
  it('leaves what people wrote above the mark', () => {
    const first = underHead(
      '# Benchmarks\n\nHow.\n\n<!-- Below this line the bench writes. -->\nOld',
      'New',
    );
    expect(first).toBe('# Benchmarks\n\nHow.\n\n<!-- Below this line the bench writes. -->\n\nNew');
  });
});
