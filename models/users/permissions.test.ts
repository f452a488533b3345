import { incident } from '../../workflows/incidents/process';
import { permissionsIn, permissionsOf } from './permissions';

describe('the permissions of a role', () => {
  it.each([
    ['end_user', ['incident:open', 'incident:read']],
    [
      'agent',
      [
        'incident:acknowledge',
        'incident:assign',
        'incident:cancel',
        'incident:classify',
        'incident:close',
        'incident:deescalate',
        'incident:escalate',
        'incident:hold',
        'incident:open',
        'incident:prioritize',
        'incident:read',
        'incident:reopen',
        'incident:resolve',
        'incident:resume',
        'incident:start',
      ],
    ],
  ] as const)('%s are %j', (role, expected) => {
    expect(permissionsOf(role, [incident])).toEqual(expected);
  });

  it('of a manager are those of an agent and major incidents, named once', () => {
    const more = permissionsOf('manager', [incident]).filter(
      (name) => !permissionsOf('agent', [incident]).includes(name),
    );
    expect(more).toEqual(['incident:declareMajor']);
  });

  it('of an administrator are those of a manager and the organization itself', () => {
    const more = permissionsOf('admin', [incident]).filter(
      (name) => !permissionsOf('manager', [incident]).includes(name),
    );
    expect(more).toEqual([
      'audit:read',
      'category:manage',
      'location:manage',
      'mail:read',
      'service:manage',
      'team:manage',
      'user:manage',
    ]);
  });

  it('are described, each once, with the least role that has it', () => {
    const all = permissionsIn([incident]);
    expect(all.map(({ name }) => name)).toEqual(permissionsOf('admin', [incident]));
    expect(all.every(({ description }) => description.length > 10)).toBe(true);
    expect(all.find(({ name }) => name === 'incident:resolve')?.role).toBe('agent');
  });
});
