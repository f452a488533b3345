import { includesRole } from './actor';

describe('roles', () => {
  it.each([
    ['admin', 'end_user', true],
    ['admin', 'admin', true],
    ['manager', 'agent', true],
    ['manager', 'admin', false],
    ['agent', 'agent', true],
    ['agent', 'manager', false],
    ['end_user', 'agent', false],
  ] as const)('%s has the rights of %s: %s', (role, atLeast, expected) => {
    expect(includesRole(role, atLeast)).toBe(expected);
  });
});
