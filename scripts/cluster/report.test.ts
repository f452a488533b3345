import { findingsOf, phaseRows, sentencesOf, type Trial } from './report';

const passed: Trial = {
  keys: { sent: 4, replayed: 4, longestMs: 40.4, differing: [], ticketIds: ['a'] },
  limit: { quota: 100, accepted: [60, 40] },
  phases: [
    {
      ...{ name: 'two of each', seconds: 2, latencies: [1, 2, 3, 10] },
      ...{ repeats: [['network', 2] as const], notApplied: [] },
    },
  ],
  proof: { tickets: 1, commands: 4, lost: [], twice: [], gaps: [] },
  isWell: true,
};

describe('the report of a trial', () => {
  it('has no finding when everything is as it should be', () => {
    expect(findingsOf(passed)).toEqual([]);
  });

  it.each<[string, Partial<Trial>]>([
    ['one key, several answers: x | y', { keys: { ...passed.keys, differing: ['x | y'] } }],
    ['the limit of 100 let 120 requests pass', { limit: { quota: 100, accepted: [60, 60] } }],
    ['the limit of 100 let 90 requests pass', { limit: { quota: 100, accepted: [90, 0] } }],
    ['lost: a opened', { proof: { ...passed.proof, lost: ['a opened'] } }],
    ['twice: a commented', { proof: { ...passed.proof, twice: ['a commented'] } }],
    ['gap in the feed of a', { proof: { ...passed.proof, gaps: ['a'] } }],
    ['check found something wrong (see above)', { isWell: false }],
    [
      'one each: open: undecided',
      {
        phases: [
          {
            name: 'one each',
            seconds: 1,
            latencies: [],
            repeats: [],
            notApplied: ['open: undecided'],
          },
        ],
      },
    ],
  ])('finds: %s', (finding, change) => {
    expect(findingsOf({ ...passed, ...change })).toEqual([finding]);
  });

  it('gives each phase a row of figures', () => {
    expect(phaseRows(passed.phases)[1]).toEqual([
      ...['two of each', '4', '2.0', '2 ms', '10 ms', '10 ms', 'network 2'],
    ]);
  });

  it('says what was shared', () => {
    const text = sentencesOf(passed).join('\n');
    expect(text).toContain('of 100 a minute 60 + 40 were accepted');
    expect(text).toContain('0 lost, 0 twice, 0 feeds with gaps');
  });
});
