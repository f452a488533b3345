/** Acme makes pumps in two halls near Hanover. */
import type { Cast } from '../story';

export const cast: Cast = {
  slug: 'acme',
  name: 'Acme Pumpenwerke GmbH',
  timezone: 'Europe/Berlin',
  defaultTeam: 'Service desk',
  people: [
    { login: 'admin', name: 'Petra Neumann', role: 'admin' },
    { login: 'manager', name: 'Markus Vogel', role: 'manager' },
    { login: 'sabine.keller', name: 'Sabine Keller', role: 'manager' },
    { login: 'agent', name: 'Jonas Weber', role: 'agent', manager: 'manager' },
    { login: 'lena.hoffmann', name: 'Lena Hoffmann', role: 'agent', manager: 'manager' },
    { login: 'tobias.brandt', name: 'Tobias Brandt', role: 'agent', manager: 'manager' },
    { login: 'aylin.demir', name: 'Aylin Demir', role: 'agent', manager: 'manager' },
    { login: 'piotr.nowak', name: 'Piotr Nowak', role: 'agent', manager: 'sabine.keller' },
    { login: 'user', name: 'Katrin Schäfer', role: 'end_user' },
    { login: 'stefan.lang', name: 'Stefan Lang', role: 'end_user' },
    { login: 'heike.baumann', name: 'Heike Baumann', role: 'end_user' },
    { login: 'luca.romano', name: 'Luca Romano', role: 'end_user' },
    { login: 'miriam.fuchs', name: 'Miriam Fuchs', role: 'end_user' },
    { login: 'david.okafor', name: 'David Okafor', role: 'end_user' },
    { login: 'franziska.wolf', name: 'Franziska Wolf', role: 'end_user', manager: 'manager' },
  ],
  teams: [
    { name: 'Service desk', lead: 'manager', members: ['agent', 'lena.hoffmann'] },
    { name: 'Network', lead: 'tobias.brandt', members: ['tobias.brandt', 'lena.hoffmann'] },
    { name: 'Workplace', lead: 'aylin.demir', members: ['aylin.demir', 'agent'] },
    { name: 'Business applications', lead: 'sabine.keller', members: ['piotr.nowak'] },
  ],
  services: [
    {
      name: 'E-mail and calendar',
      description: 'Mailboxes, calendars, meeting rooms.',
      team: 'Service desk',
    },
    { name: 'Accounts', description: 'Sign-in, passwords, rights.', team: 'Service desk' },
    {
      name: 'Remote access',
      description: 'Work from home and on the road.',
      team: 'Network',
    },
    {
      name: 'Plant network',
      description: 'Cabled and wireless network of both halls.',
      team: 'Network',
    },
    { name: 'Printing', description: 'Office and label printers.', team: 'Workplace' },
    { name: 'Workstations', description: 'Notebooks, docks, screens.', team: 'Workplace' },
    {
      name: 'ERP',
      description: 'Orders, stock, production planning.',
      team: 'Business applications',
    },
    {
      name: 'Payroll',
      description: 'Time sheets and salaries.',
      team: 'Business applications',
    },
  ],
  categories: [
    'Access and permissions',
    'E-mail',
    'Hardware',
    'Network',
    'Printing',
    'Software',
    'Telephony',
    'Security',
  ],
};
