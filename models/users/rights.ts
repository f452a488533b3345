/** What somebody holds: all of a protected role, what was given beside it, within the bounds of a token. */
import { includesRole, type Rights, type Role } from './actor';

/** Whether they hold a permission that a protected role has from `least` on. */
export function holds(rights: Rights, permission: string, least: Role): boolean {
  const { role, granted, scopes } = rights;
  if (scopes !== undefined && !scopes.includes(permission)) return false;
  return includesRole(role, least) || granted?.includes(permission) === true;
}

/** Rights alone, of something that knows more; what is absent stays absent. */
export function rightsOf({ role, granted, scopes }: Rights): Rights {
  return {
    role,
    ...(granted !== undefined && granted.length > 0 && { granted }),
    ...(scopes !== undefined && { scopes }),
  };
}
