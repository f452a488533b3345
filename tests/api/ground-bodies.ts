/** Bodies for what people, teams, boards and rules are made of, right but for the ids that go in. */
import type { World } from '../harness';

export const standIn = (id: World['id']) => ({
  substituteId: id('person', 'colleague'),
  ...{ from: '2090-01-01T00:00:00Z', until: '2090-02-01T00:00:00Z' },
});

export const definition = { timezone: 'UTC', weekly: { mon: [['09:00', '17:00']] } };
export const board = (id: World['id']) => ({
  ...{ name: `Board ${Math.random()}`, kind: 'cab', chairId: id('person', 'manager') },
  memberIds: [id('person', 'agent')],
});
export const freeze = (id: World['id']) => ({
  ...{ name: `Freeze ${Math.random()}`, reason: 'Because.', serviceIds: [id('service', 'Mail')] },
  ...{ from: '2090-01-01T00:00:00Z', until: '2090-02-01T00:00:00Z' },
});
export const maintenance = (id: World['id']) => ({
  ...{ name: `Window ${Math.random()}`, serviceIds: [id('service', 'Mail')] },
  definition: { timezone: 'UTC', weekly: { sun: [['02:00', '06:00']] } },
});
export const template = (id: World['id']) => ({
  ...{ name: `Template ${Math.random()}`, title: 'x', durationMinutes: 30 },
  ...{ categoryId: id('category', 'Software'), serviceIds: [id('service', 'Mail')] },
  risk: { impact: 'low', testEvidence: 'tested', backOut: 'tested' },
});

export const rule = (id: World['id']) => ({
  ...{ name: `Rule ${Math.random()}`, ticketType: 'incident', when: 'priority==P1' },
  teamId: id('team', 'Network'),
});

/** In the part of the name space that leads nowhere. */
export const connection = () => ({
  name: `connection-${Math.random().toString(36).slice(2)}`,
  baseUrl: 'https://idm.invalid',
});

export const view = (id: World['id']) => ({
  ...{ name: `View ${Math.random()}`, ticketType: 'incident' },
  ...{ scope: 'team', teamId: id('team', 'Network') },
});

export const role = () => ({ name: `Role ${Math.random()}`, permissions: [] });
export const token = { name: 't', scopes: ['incident:read'] };
