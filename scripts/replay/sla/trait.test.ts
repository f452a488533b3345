import { aTurn, anIncident, closedAfter } from './fixtures/marked-incident';
import { observations, traits, type Trait } from './trait';

const ended = closedAfter(30);
const namesIn = (all: readonly Trait[], incident: typeof ended) =>
  all.filter(([, holds]) => holds(incident)).map(([name]) => name);

describe('what is peculiar about an incident', () => {
  it('is nothing when it was resolved and closed', () => {
    expect(namesIn(traits, ended)).toEqual([]);
  });

  it.each([
    ['lacks `resolved_at`', anIncident({})],
    ['closed again later', { ...ended, closedAt: '2016-08-21T18:58:00.000Z' }],
    [
      'rows out of order',
      { ...ended, turns: [aTurn('03-01T10:00', 'new', { line: 2 }), aTurn('03-01T11:00', 'new')] },
    ],
    [
      'reopened',
      { ...ended, turns: [aTurn('03-01T10:00', 'resolved'), aTurn('03-01T11:00', 'active')] },
    ],
    ['priority changed', { ...ended, turns: [aTurn('03-01T10:00', 'new', { priority: 'P1' })] }],
    ['waited for somebody', { ...ended, turns: [aTurn('03-01T10:00', 'hold:vendor')] }],
    [
      'closed more than six days after `resolved_at`',
      { ...closedAfter(300), resolvedAt: ended.resolvedAt },
    ],
  ])('is that it %s', (name, incident) => {
    expect(namesIn(traits, incident)).toEqual([name]);
  });

  it('shows in its mark', () => {
    const turns = [aTurn('03-01T10:00', 'new'), aTurn('03-01T11:00', 'active', { isMet: false })];
    expect(namesIn(observations, { ...ended, turns, isMet: false })).toEqual([
      'all',
      'marked met by the first row',
      'mark changes elsewhere than in the first row that closes',
    ]);
  });
});
