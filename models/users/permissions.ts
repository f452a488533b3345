/** Rights beside those of tickets, which follow from their processes: what each allows, and from which role on. */
import type { ProcessDeclaration } from '../../workflows/process';
import { permissionOf } from '../../workflows/process';
import { includesRole, type Role } from './actor';

export interface Permission {
  /** `service:manage`. */
  readonly name: string;
  readonly description: string;
  /** The least of the protected roles that has it. */
  readonly role: Role;
}

const administration: readonly Permission[] = [
  { name: 'audit:read', description: 'Read what administrators did.', role: 'admin' },
  { name: 'category:manage', description: 'Make, edit and delete categories.', role: 'admin' },
  { name: 'location:manage', description: 'Make, edit and delete locations.', role: 'admin' },
  {
    name: 'mail:read',
    description: 'Read the mails that go out, with their links until they are sent.',
    role: 'admin',
  },
  { name: 'service:manage', description: 'Make, edit and delete services.', role: 'admin' },
  {
    name: 'team:manage',
    description: 'Make, edit and delete teams, and say who is in them.',
    role: 'admin',
  },
  { name: 'user:manage', description: 'Make and edit people; say who may sign in.', role: 'admin' },
];

/** Every permission that there is, by name. */
export function permissionsIn(processes: readonly ProcessDeclaration[]): Permission[] {
  const byName = new Map<string, Permission>();
  for (const one of [...processes.flatMap(ofTickets), ...administration]) {
    const known = byName.get(one.name);
    // Commands may share a permission: whoever may give one of them has it.
    if (!known || includesRole(known.role, one.role)) byName.set(one.name, one);
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Names of what a role may do. */
export function permissionsOf(role: Role, processes: readonly ProcessDeclaration[]): string[] {
  return permissionsIn(processes)
    .filter((permission) => includesRole(role, permission.role))
    .map(({ name }) => name);
}

function ofTickets(process: ProcessDeclaration): Permission[] {
  const { type, path, opening } = process;
  return [
    { name: `${type}:open`, description: `Open a ${type}.`, role: opening.role },
    { name: `${type}:read`, description: `Read ${path} that one may see.`, role: opening.role },
    ...Object.entries(process.commands).map(([command, { role, summary }]) => {
      return { name: permissionOf(process, command), description: summary, role };
    }),
  ];
}
