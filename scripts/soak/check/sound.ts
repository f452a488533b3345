/** A small soak in which all went well, for tests to spoil. */
import type { Saying, Told } from '../saying';
import type { Clock, EventRow, Evidence, OrganizationRow, RefusalRow, TicketRow } from './evidence';

const second = 1_000;
/** When its ticket was opened. */
export const start = Date.parse('2026-11-23T09:00:00.000Z');
const at = (seconds: number) => start + seconds * second;

const clock: Clock = {
  id: 'resolution',
  state: 'stopped',
  terms: { targetSeconds: 20 },
  startedAt: start,
  stoppedAt: at(40),
  pauses: [{ from: at(5), to: at(10) }],
  passed: [
    { step: '75', due: at(20), at: at(20), targetSeconds: 20 },
    { step: '100', due: at(25), at: at(25), targetSeconds: 20 },
    { step: '150', due: at(35), at: at(35), targetSeconds: 20 },
  ],
};

export const ticket: TicketRow = {
  id: 'ticket',
  organizationId: 'north',
  name: 'north/incident/INC0000001',
  title: 'Soak north-1-0',
  state: 'closed',
  version: 8,
  isSettled: true,
  nextDueAt: null,
  requesterId: 'ruth',
  assigneeId: 'anna',
  teamId: 'desk',
  watcherIds: ['wim'],
  clocks: [clock],
  agenda: [],
  isBorn: false,
};

const organization: OrganizationRow = {
  id: 'north',
  slug: 'north',
  autoCloseDays: 10 / 86_400,
  managers: ['mia'],
  teams: new Map([['desk', { lead: 'mia', members: ['anna', 'bert'] }]]),
};

type Sketch = readonly [type: string, seconds: number, cause: string, data?: EventRow['data']];
const sla = (percent: number) => ({ clock: 'resolution', percent });
const sketches: readonly Sketch[] = [
  ['opened', 0, 'c0', { changes: { teamId: { from: null, to: 'desk' } } }],
  ['watched', 1, 'c1', { userId: 'wim' }],
  ['commented', 2, 'c2', {}],
  ['slaWarned', 20, 'w', sla(75)],
  ['slaBreached', 25, 'b', sla(100)],
  ['slaEscalated', 35, 'e', sla(150)],
  [
    'resolved',
    40,
    'c3',
    {
      changes: { state: { from: 'new', to: 'resolved' }, assigneeId: { from: null, to: 'anna' } },
    },
  ],
  ['closed', 50, 'k', { reason: 'autoClose', changes: { state: { from: 'x', to: 'closed' } } }],
];
const own = new Set(['w', 'b', 'e', 'k']);
const actors: Readonly<Record<string, string>> = { c0: 'ruth', c1: 'wim', c2: 'anna', c3: 'anna' };

const events = sketches.map(([type, seconds, cause, data = {}], index): EventRow => ({
  ...{ ticketId: ticket.id, version: index + 1, cause, type, data },
  isPublic: true,
  actorId: actors[cause] ?? null,
  via: own.has(cause) ? 'engine' : 'api',
  at: at(seconds),
  recordedAt: at(seconds) + 50,
}));

const notices = [
  ['c2', 'commented', ['ruth', 'wim', 'bert']],
  ['w', 'slaWarning', ['anna', 'bert']],
  ['b', 'slaBreach', ['anna', 'bert', 'mia']],
  ['e', 'slaEscalation', ['mia']],
  ['c3', 'resolved', ['ruth']],
  ['k', 'closed', ['ruth']],
] as const;

/** A saying under a key that is its cause, told once. */
export function saying(change: Partial<Saying> & Pick<Saying, 'key' | 'kind'>): Saying {
  return {
    as: 'anna',
    method: 'POST',
    path: change.kind === 'open' ? '/incidents' : `/incidents/ticket/actions/${change.kind}`,
    mark: undefined,
    at: start,
    decidedAt: start + 40,
    tries: 1,
    told: [told({})],
    ...change,
  };
}

export function told(change: Partial<Told>): Told {
  const usual = { status: 200, id: 'ticket', code: undefined, text: '{}', isReplayed: false };
  return { ...usual, until: start + 40, ...change };
}

export const refusal: RefusalRow = {
  ticketId: 'ticket',
  cause: 'c4',
  outcome: 'refused',
  name: 'hold',
  code: 'invalid_transition',
};

/** What the checker has nothing to say of; `rows` and the rest are laid over it. */
export function sound(
  change: Partial<Omit<Evidence, 'rows'>> & { rows?: Partial<Evidence['rows']> } = {},
): Evidence {
  const { rows, ...rest } = change;
  return {
    sayings: [
      saying({ key: 'c0', kind: 'open', mark: 'north-1-0', told: [told({ status: 201 })] }),
      saying({ key: 'c1', kind: 'watch' }),
      saying({ key: 'c2', kind: 'comment', mark: 'north-1-2', told: [told({ id: 'comment' })] }),
      saying({ key: 'c3', kind: 'resolve' }),
      saying({ key: 'c4', kind: 'hold', told: [told({ status: 409, id: undefined })] }),
    ],
    signals: [],
    faults: [],
    logged: { repairs: [], known: [] },
    causeOf: ({ key }) => key,
    rows: {
      now: at(100),
      tickets: [ticket],
      events,
      comments: [{ ticketId: 'ticket', body: 'Said: north-1-2' }],
      notices: notices.flatMap(([cause, notice, people]) =>
        people.map((recipientId) => ({
          ...{ ticketId: 'ticket', cause, recipientId, template: `incident.${notice}` },
        })),
      ),
      refusals: [refusal],
      organizations: [organization],
      outbox: [],
      ...rows,
    },
    ...rest,
  };
}
