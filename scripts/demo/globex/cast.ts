/** Globex sells outdoor gear in forty shops on the East Coast, and online. */
import type { Cast } from '../story';

export const cast: Cast = {
  slug: 'globex',
  name: 'Globex Outfitters Inc.',
  timezone: 'America/New_York',
  defaultTeam: 'Service desk',
  people: [
    { login: 'admin', name: 'Angela Morris', role: 'admin' },
    { login: 'manager', name: 'Robert Hayes', role: 'manager' },
    { login: 'denise.carter', name: 'Denise Carter', role: 'manager' },
    { login: 'agent', name: 'Kevin Tran', role: 'agent', manager: 'manager' },
    { login: 'maria.santos', name: 'Maria Santos', role: 'agent', manager: 'manager' },
    { login: 'brian.kelly', name: 'Brian Kelly', role: 'agent', manager: 'manager' },
    { login: 'priya.raman', name: 'Priya Raman', role: 'agent', manager: 'denise.carter' },
    { login: 'owen.fletcher', name: 'Owen Fletcher', role: 'agent', manager: 'manager' },
    { login: 'user', name: 'Emily Sanders', role: 'end_user' },
    { login: 'marcus.bell', name: 'Marcus Bell', role: 'end_user' },
    { login: 'yuki.tanaka', name: 'Yuki Tanaka', role: 'end_user' },
    { login: 'laura.jimenez', name: 'Laura Jiménez', role: 'end_user' },
    { login: 'tom.whitaker', name: 'Tom Whitaker', role: 'end_user' },
    { login: 'grace.oneil', name: 'Grace O’Neil', role: 'end_user' },
    { login: 'samuel.adeyemi', name: 'Samuel Adeyemi', role: 'end_user' },
  ],
  teams: [
    { name: 'Service desk', lead: 'manager', members: ['agent', 'maria.santos'] },
    { name: 'Network', lead: 'brian.kelly', members: ['brian.kelly', 'maria.santos'] },
    { name: 'Workplace', lead: 'owen.fletcher', members: ['owen.fletcher', 'agent'] },
    { name: 'Business applications', lead: 'denise.carter', members: ['priya.raman'] },
  ],
  services: [
    {
      name: 'Point of sale',
      description: 'Registers, card readers, receipts.',
      team: 'Business applications',
    },
    {
      name: 'Online shop',
      description: 'Catalogue, basket, payment, search.',
      team: 'Business applications',
    },
    {
      name: 'Stock and orders',
      description: 'What is where, and what comes when.',
      team: 'Business applications',
    },
    { name: 'Store network', description: 'Lines and Wi-Fi of the shops.', team: 'Network' },
    { name: 'Email and chat', description: 'Mailboxes and channels.', team: 'Service desk' },
    { name: 'Accounts', description: 'Sign-in and rights.', team: 'Service desk' },
    { name: 'Store devices', description: 'Tablets, scanners, printers.', team: 'Workplace' },
  ],
  categories: [
    'Access and permissions',
    'Email and chat',
    'Hardware',
    'Network',
    'Payment',
    'Printing',
    'Software',
    'Security',
  ],
};
