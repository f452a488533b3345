/** Who calls, as every layer knows them. */

/** Each role includes the ones before it. */
export const roles = ['end_user', 'agent', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Somebody of an organization. */
export interface Person {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** Somebody who is signed in. */
export interface Actor extends Person {
  readonly sessionId: string;
  /** May do nothing but that: it was given by somebody else, or is too old. */
  readonly mustChangePassword: boolean;
}

/** Whether a role has at least the rights of another: an admin is an agent, too. */
export function includesRole(role: Role, atLeast: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(atLeast);
}
