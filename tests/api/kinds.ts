/** What the parameters of an address name, for tests that ask every route. */
import { processes } from '../../workflows/registry';

/** What is named by a parameter of a path. */
export function kindsIn(path: string): string[] {
  const first = /^\/(?:me\/)?([a-z-]+)/.exec(path)?.[1] ?? '';
  const kinds: Record<string, string> = {
    incidents: 'incident',
    approvals: 'approval',
    changes: 'change',
    problems: 'problem',
    users: 'person',
    teams: 'team',
    services: 'service',
    categories: 'category',
    locations: 'location',
    calendars: 'calendar',
    roles: 'role',
    'service-accounts': 'account',
    sessions: 'session',
    commands: 'incident',
    'audit-events': 'event',
    mails: 'mail',
    boards: 'board',
    meetings: 'meeting',
    freezes: 'freeze',
    'maintenance-windows': 'maintenance',
    'change-templates': 'template',
    'assignment-rules': 'assignmentRule',
    'catalog-categories': 'catalogCategory',
    'catalog-designs': 'catalogItem',
    catalog: 'catalogItem',
    orders: 'order',
    'sla-policies': 'policy',
    'sla-runs': 'run',
    connections: 'connection',
    views: 'view',
  };
  const beside: Record<string, string> = {
    userId: 'person',
    roleId: 'role',
    delegationId: path.startsWith('/me/') ? 'ownDelegation' : 'delegation',
    attachmentId: 'attachment',
    tokenId: path.startsWith('/me/') ? 'ownToken' : 'token',
  };
  return [...path.replace('{kind}', '').matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']) => beside[name] ?? kinds[first] ?? typeAt(first),
  );
}

function typeAt(path: string): string {
  return processes.find(({ declaration }) => declaration.path === path)?.declaration.type ?? '';
}
