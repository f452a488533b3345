import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blueprintOf, matrixOf } from './blueprint';
import { castOf } from './cast';
import { readLog } from './uci/log-row';

const rows = readLog(readFileSync(join(__dirname, 'uci', 'fixtures', 'small.csv'), 'utf8'));

const cast = castOf('replay');

describe('the organization of a replay', () => {
  const plan = blueprintOf(rows, cast, { known: 'known', unknown: 'unknown' });

  it('has the groups, categories and configuration items of the log', () => {
    expect(plan.teams.map(({ name }) => name)).toEqual(['Without group', 'Group 1', 'Group 2']);
    expect(plan.categories).toEqual(['Category 1', 'Category 2', 'Category 3']);
    expect(plan.services.map(({ name }) => name)).toEqual(['cmdb_ci 1']);
  });

  it('has the people of the log once each; only the replay itself can sign in', () => {
    const emails = plan.people.map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);
    const roleOf = (name: string) => plan.people.find((one) => one.name === name);
    expect(roleOf('Resolver 1')).toMatchObject({ role: 'agent', passwordHash: 'unknown' });
    expect(roleOf('Caller 2')).toMatchObject({ role: 'end_user', passwordHash: 'unknown' });
    const signingIn = plan.people.filter(({ passwordHash }) => passwordHash === 'known');
    expect(signingIn).toHaveLength(cast.agents.length + 1);
  });

  it('takes the resolution codes of the log, and one for a missing code', () => {
    expect(plan.settings?.resolutionCodes).toEqual(
      expect.arrayContaining(['code 1', 'code 2', 'notRecorded']),
    );
  });
});

describe('the priority matrix of a log', () => {
  it('is what the log gives most often, and our default where it says nothing', () => {
    const matrix = matrixOf(rows);
    expect(matrix.low.low).toBe('P4');
    expect(matrix.high.medium).toBe('P2');
    expect(matrix.high.high).toBe('P1');
  });
});
