/** Who calls, as every layer knows them. */

/** Each role includes the ones before it. */
export const roles = ['end_user', 'agent', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What somebody holds. */
export interface Rights {
  /** The highest protected role that counts at this moment. */
  readonly role: Role;
  /** Permissions that roles of the organization give. Absent: none. */
  readonly granted?: readonly string[] | undefined;
  /** Of an API token: the only permissions that count. Absent: no bounds. */
  readonly scopes?: readonly string[] | undefined;
}
/** What somebody must do before anything else is possible for them, in this order. */
export const duties = ['newPassword', 'secondFactor'] as const;
export type Duty = (typeof duties)[number];

/** Somebody of an organization. */
export interface Person {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** Somebody who is signed in, or a program with a token. */
export interface Actor extends Person, Rights {
  /** Null: a program. */
  readonly sessionId: string | null;
  /** The API token that a program came with. */
  readonly tokenId?: string;
  /**
   * A password that was given by somebody else or is too old, a second factor that their role must have and
   * they have not: they may do nothing but what ends it.
   */
  readonly duties: readonly Duty[];
  /** People in whose place they act at this moment. Absent: nobody. */
  readonly standsFor?: readonly string[] | undefined;
  /** They proved who they are within the last five minutes; with the second factor if they have one. */
  readonly hasFreshFactor: boolean;
}

/** Somebody with a session of their own. */
export interface SignedIn extends Actor {
  readonly sessionId: string;
}

/** Whether a role has at least the rights of another: an admin is an agent, too. */
export function includesRole(role: Role, atLeast: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(atLeast);
}
