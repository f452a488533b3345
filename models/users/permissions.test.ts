import { incident } from '../../workflows/incidents/process';
import type { Role } from './actor';
import { heldOf, may, permissionsIn } from './permissions';

const permissionsOf = (role: Role, [process]: [typeof incident]) =>
  heldOf({ role }, permissionsIn([process]));

describe('the permissions of a role', () => {
  it.each([
    [
      'end_user',
      ['catalog:order', 'catalog:read', 'incident:open', 'incident:read', 'known-error:read'],
    ],
    [
      'agent',
      [
        'catalog:order',
        'catalog:read',
        'change-template:read',
        'figures:read',
        'incident:acknowledge',
        'incident:all',
        'incident:assign',
        'incident:cancel',
        'incident:classify',
        'incident:close',
        'incident:coordinate',
        'incident:deescalate',
        'incident:edit',
        'incident:escalate',
        'incident:hold',
        'incident:open',
        'incident:postUpdate',
        'incident:prioritize',
        'incident:read',
        'incident:reopen',
        'incident:resolve',
        'incident:resume',
        'incident:reviewMajor',
        'incident:start',
        'known-error:read',
        'note:internal',
        'user:read',
      ],
    ],
  ] as const)('%s are %j', (role, expected) => {
    expect(permissionsOf(role, [incident])).toEqual(expected);
  });

  it('of a manager are those of an agent, major incidents and the ground of changes, named once', () => {
    const more = permissionsOf('manager', [incident]).filter(
      (name) => !permissionsOf('agent', [incident]).includes(name),
    );
    expect(more).toEqual([
      'assignment-rule:manage',
      'board:manage',
      'catalog:manage',
      'change-template:approve',
      'change-template:manage',
      'freeze:manage',
      'incident:declareMajor',
      'maintenance-window:manage',
      'view:manage',
    ]);
  });

  it('of an administrator are those of a manager and the organization itself', () => {
    const more = permissionsOf('admin', [incident]).filter(
      (name) => !permissionsOf('manager', [incident]).includes(name),
    );
    expect(more).toEqual([
      'audit:read',
      'calendar:manage',
      'category:manage',
      'connection:manage',
      'connection:use',
      'health:read',
      'location:manage',
      'mail:read',
      'organization:export',
      'organization:manage',
      'role:manage',
      'service:manage',
      'sla-policy:manage',
      'team:manage',
      'ticket:confidential',
      'token:manage',
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

describe('what somebody holds', () => {
  const all = permissionsIn([incident]);

  it('is the role and what was granted beside it', () => {
    const granted = ['incident:resolve'];
    expect(heldOf({ role: 'end_user', granted }, all)).toEqual([
      'catalog:order',
      'catalog:read',
      'incident:open',
      'incident:read',
      'incident:resolve',
      'known-error:read',
    ]);
  });

  it('is nothing beyond the bounds of a token, and never more than without it', () => {
    const scopes = ['incident:read', 'user:manage'];
    expect(heldOf({ role: 'admin', scopes }, all)).toEqual(scopes);
    expect(heldOf({ role: 'end_user', scopes }, all)).toEqual(['incident:read']);
    expect(may({ role: 'admin', scopes }, 'audit:read')).toBe(false);
  });
});
