/** Rights beside those of tickets, which follow from their processes: what each allows, and from which role on. */
import type { ProcessDeclaration } from '../../workflows/process';
import { answersOf, permissionOf } from '../../workflows/process';
import { includesRole, roles, type Rights, type Role } from './actor';
import { holds } from './rights';

export interface Permission {
  /** `service:manage`. */
  readonly name: string;
  readonly description: string;
  /** The least of the protected roles that has it. */
  readonly role: Role;
}

/** Those that no process brings. */
const named = {
  'assignment-rule:manage': {
    role: 'manager',
    description: 'Read, make, edit and delete the rules by which tickets go to teams.',
  },
  'audit:read': { role: 'admin', description: 'Read what administrators did.' },
  'board:manage': { role: 'manager', description: 'Make, edit and delete boards.' },
  'calendar:manage': { role: 'admin', description: 'Make, edit and delete business calendars.' },
  'catalog:manage': {
    role: 'manager',
    description: 'Make, edit, publish and retire items of the service catalog, and its categories.',
  },
  'catalog:order': { role: 'end_user', description: 'Order from the service catalog.' },
  'catalog:read': {
    role: 'end_user',
    description: 'See what one may order, and orders that one may see.',
  },
  'category:manage': { role: 'admin', description: 'Make, edit and delete categories.' },
  'change-template:approve': {
    role: 'manager',
    description: 'Approve templates of standard changes that others wrote, and retire them.',
  },
  'change-template:manage': {
    role: 'manager',
    description: 'Make, edit and delete templates of standard changes.',
  },
  'change-template:read': { role: 'agent', description: 'Read templates of standard changes.' },
  'connection:manage': {
    role: 'admin',
    description: 'Make, edit and delete connections to other systems, with their secrets.',
  },
  'connection:use': {
    role: 'admin',
    description: 'Read connections, and let automatic tasks call them.',
  },
  'figures:read': {
    role: 'agent',
    description: 'Read figures over the tickets that one may see.',
  },
  'freeze:manage': {
    role: 'manager',
    description: 'Make, edit and delete freezes, in which nothing is changed.',
  },
  'health:read': { role: 'admin', description: 'Read what ails a part that is not ready.' },
  'known-error:read': {
    role: 'end_user',
    description: 'Find known errors and their workarounds, as far as they are meant for one.',
  },
  'location:manage': { role: 'admin', description: 'Make, edit and delete locations.' },
  'mail:read': {
    role: 'admin',
    description: 'Read the mails that go out, with their links until they are sent.',
  },
  'maintenance-window:manage': {
    role: 'manager',
    description: 'Make, edit and delete maintenance windows.',
  },
  'note:internal': { role: 'agent', description: 'Read and write internal notes.' },
  'organization:export': {
    role: 'admin',
    description: 'Take a copy of all that the organization has, whoever may see it.',
  },
  'organization:manage': { role: 'admin', description: 'Edit the settings.' },
  'role:manage': { role: 'admin', description: 'Make, edit and delete roles; give and take them.' },
  'service:manage': { role: 'admin', description: 'Make, edit and delete services.' },
  'sla-policy:manage': {
    role: 'admin',
    description: 'Make, edit, publish and retire SLA policies.',
  },
  'team:manage': {
    role: 'admin',
    description: 'Make, edit and delete teams, and say who is in them.',
  },
  'ticket:confidential': {
    role: 'admin',
    description:
      'See confidential tickets of all teams, hand them to another team, open them again.',
  },
  'token:manage': { role: 'admin', description: 'Make service accounts and their API tokens.' },
  'user:manage': { role: 'admin', description: 'Make and edit people; say who may sign in.' },
  'user:read': { role: 'agent', description: 'Read people in full, not only their names.' },
  'view:manage': {
    role: 'manager',
    description: 'Make, edit and delete views of the organization and of all teams.',
  },
} as const satisfies Record<string, Omit<Permission, 'name'>>;

export type NamedPermission = keyof typeof named;

/** Whether they hold one that no process brings. */
export function may(rights: Rights, permission: NamedPermission): boolean {
  return holds(rights, permission, named[permission].role);
}

/** The protected roles that have one. */
export function rolesWith(permission: NamedPermission): Role[] {
  return roles.filter((role) => includesRole(role, named[permission].role));
}

const besideTickets = Object.entries(named).map(([name, facts]) => ({ name, ...facts }));

/** Every permission that there is, by name. */
export function permissionsIn(processes: readonly ProcessDeclaration[]): Permission[] {
  const byName = new Map<string, Permission>();
  for (const one of [...processes.flatMap(ofTickets), ...besideTickets]) {
    const known = byName.get(one.name);
    // Commands may share a permission: whoever may give one of them has it.
    if (!known || includesRole(known.role, one.role)) byName.set(one.name, one);
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Names of those of `all` that somebody holds. */
export function heldOf(rights: Rights, all: readonly Permission[]): string[] {
  return all.filter(({ name, role }) => holds(rights, name, role)).map(({ name }) => name);
}

function ofTickets(process: ProcessDeclaration): Permission[] {
  const { type, path, opening } = process;
  const opens = { name: `${type}:open`, description: `Open a ${type}.`, role: opening.role };
  return [
    ...(opening.by === 'lives' ? [] : [opens]),
    { name: `${type}:read`, description: `Read ${path} that one may see.`, role: 'end_user' },
    {
      name: allOf(type),
      description: `See ${path} of everybody, and open them for others.`,
      role: 'agent',
    },
    {
      name: editOf(type),
      description: `Change texts, watchers and links of ${path} of others.`,
      role: 'agent',
    },
    ...Object.entries(process.commands).map(([command, { role, summary }]) => {
      return { name: permissionOf(process, command), description: summary, role };
    }),
    ...answersOf(process).map((answer): Permission => {
      const description = process.signals[answer]?.summary ?? answer;
      return { name: permissionOf(process, answer), description, role: 'end_user' };
    }),
  ];
}

/** The permission to see tickets of a type that are none of one's own. */
export function allOf(type: string): string {
  return `${type}:all`;
}

/** The permission to change what a ticket says. */
export function editOf(type: string): string {
  return `${type}:edit`;
}
