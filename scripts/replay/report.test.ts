import { Tally } from './figures';
import { incidents } from './incidents';
import { reportOf, underHead, type Story } from './report';
import type { Verdict } from './verdict';

const verdict: Verdict = {
  ticket: 'INC0009001',
  number: 'INC0000001',
  endOfLog: 'closed',
  end: 'closed',
  told: ['new', 'resolved', 'closed'],
  because: undefined,
  went: ['new', 'resolved', 'closed'],
  likeness: 'equal',
};

function story(verdicts: readonly Verdict[]): Story {
  const refusals = new Tally();
  refusals.add('assign: forbidden');
  return {
    circumstances: ['Two cores.'],
    rows: 3,
    recalled: 0,
    elapsedMs: 2_000,
    tales: [
      {
        line: 1,
        stoppedAt: undefined,
        ticket: 'INC0009001',
        fate: 'applied',
        why: '',
        commands: 4,
      },
      {
        line: 2,
        stoppedAt: undefined,
        ticket: 'INC0009001',
        fate: 'merged',
        why: 'location',
        commands: 0,
      },
      {
        line: 3,
        stoppedAt: undefined,
        ticket: 'INC0009001',
        fate: 'refused',
        why: 'assign: forbidden',
        commands: 2,
      },
    ],
    verdicts,
    telling: incidents,
    figures: {
      latencies: new Map([['open', [10, 20, 30]]]),
      refusals,
      repeats: new Tally(),
      replayed: new Tally(),
    },
  };
}

/** Cells of the first line that begins with this cell. */
function line(report: string, first: string): string[] {
  const rows = report.split('\n').map((text) => text.split('|').map((cell) => cell.trim()));
  return rows.find(([, cell]) => cell === first)?.slice(2, -1) ?? [];
}

describe('the report', () => {
  const report = reportOf(story([verdict]));

  it('counts commands, refusals and pace', () => {
    expect(line(report, 'commands sent (openings included)')).toEqual(['6']);
    expect(line(report, 'refused')).toEqual(['1']);
    expect(line(report, 'commands per second')).toEqual(['3.0']);
  });

  it('gives latencies of all commands and of each kind', () => {
    expect(line(report, 'all')).toEqual(['3', '20', '30', '30', '30']);
    expect(line(report, 'open')).toEqual(['3', '20', '30', '30', '30']);
  });

  it('says why rows were merged and refused', () => {
    expect(line(report, 'location')).toEqual(['1']);
    expect(line(report, 'assign: forbidden')).toEqual(['1']);
  });

  it('lists no ticket when all are as in the log', () => {
    expect(line(report, 'INC0009001')).toEqual([]);
  });

  it('lists a ticket that ends elsewhere and one that took another way', () => {
    const elsewhere = reportOf(story([{ ...verdict, end: 'resolved' }]));
    expect(line(elsewhere, 'INC0009001').at(-1)).toBe('other end');
    expect(elsewhere).toContain('0 of 1 tickets end where the log ends.');
    const other = reportOf(story([{ ...verdict, likeness: 'different' }]));
    expect(line(other, 'INC0009001').at(-1)).toBe('different');
  });

  it('counts by kind the stops that part a way from the log', () => {
    const told = ['new', 'closed'] as const;
    const bridged = reportOf(story([{ ...verdict, told, likeness: 'bridged' }]));
    expect(line(bridged, 'new → resolved → closed')).toEqual(['1']);
    expect(line(bridged, 'INC0009001')).toEqual([]);
  });
});

describe('a report in a file', () => {
  it('keeps what people wrote above the mark, and only that', () => {
    const first = underHead(undefined, 'old figures');
    const edited = first.replace('# Replay of a foreign log', '# Our run\n\nRead this.');
    const second = underHead(edited, 'new figures');
    expect(second).toContain('Read this.');
    expect(second).toContain('new figures');
    expect(second).not.toContain('old figures');
  });
});
