import { incident } from '../../workflows/incidents/process';
import { processes } from '../../workflows/registry';
import { actable, happensAt, waitingKeys } from './suspension';

const at = '2026-11-23T10:00:00.000Z';
const later = '2026-11-24T10:00:00.000Z';
const entry = (key: string) => ({ key, at, n: 1, what: key });
const agenda = ['sla.resolution.100', 'autoClose', 'holdUntil'].map(entry);
const suspended = { isSuspended: true, resumedAt: null };

describe('while an organization is suspended', () => {
  it('clocks and holds go on, closing waits', () => {
    expect(actable(incident, agenda, suspended).map(({ key }) => key)).toEqual([
      'sla.resolution.100',
      'holdUntil',
    ]);
    expect(actable(incident, agenda, { isSuspended: false, resumedAt: later })).toEqual(agenda);
  });

  it('is nothing that a process says waits unknown to its agenda', () => {
    for (const { declaration, rules } of processes) {
      for (const key of declaration.waitsWhileSuspended ?? []) {
        expect(Object.keys(rules.agenda)).toContain(key);
      }
    }
    expect(waitingKeys(processes)).toEqual(
      expect.arrayContaining(['autoClose', 'autoCloseReminder', 'expiry']),
    );
  });
});

describe('what waited', () => {
  const resumed = (resumedAt: string | null) => ({ isSuspended: false, resumedAt });

  it('happens when the organization was resumed', () => {
    expect(happensAt(incident, entry('autoClose'), resumed(later))).toBe(later);
  });

  it('happens at its own instant when that was not before', () => {
    expect(happensAt(incident, { ...entry('autoClose'), at: later }, resumed(at))).toBe(later);
    expect(happensAt(incident, entry('autoClose'), resumed(null))).toBe(at);
    expect(happensAt(incident, entry('holdUntil'), resumed(later))).toBe(at);
  });
});
