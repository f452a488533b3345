/** Who and what there is in the organization of a world. */
import { hashPassword } from '../../api/auth/password';
import type { Settings } from '../../models/organizations/settings';
import { password } from './callers';

let hash: Promise<string> | undefined;

export async function blueprint(slug: string, settings: Partial<Settings> = {}) {
  const passwordHash = await (hash ??= hashPassword(password));
  const email = (name: string) => `${name}@${slug}.example`;
  const person = (name: string, role: 'end_user' | 'agent' | 'manager' | 'admin') => ({
    email: email(name),
    name,
    role,
    passwordHash,
  });
  return {
    slug,
    name: slug,
    settings: { timezone: 'Europe/Berlin', ...settings },
    defaultTeam: 'Service desk',
    people: [
      person('admin', 'admin'),
      person('manager', 'manager'),
      person('lead', 'agent'),
      person('agent', 'agent'),
      person('colleague', 'agent'),
      person('user', 'end_user'),
      person('stranger', 'end_user'),
    ],
    teams: [
      { name: 'Service desk', lead: email('lead'), members: [email('agent'), email('colleague')] },
      { name: 'Network', lead: email('lead'), members: [email('colleague')] },
    ],
    services: [{ name: 'Mail', description: 'Electronic mail', team: 'Network' }],
    categories: ['Software', 'Hardware'],
  };
}
