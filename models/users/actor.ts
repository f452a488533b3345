/** Who calls, as every layer knows them. */

/** Each role includes the ones before it. */
export const roles = ['end_user', 'agent', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Actor {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** Whether a role has at least the rights of another: an admin is an agent, too. */
export function includesRole(role: Role, atLeast: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(atLeast);
}
