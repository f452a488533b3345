/** Random lives of incidents under random policies, on calendars of many zones around changes of their time. */
import * as fc from 'fast-check';
import { Refusal } from '../models/errors';
import { plusSeconds, type Instant } from '../models/instant';
import type { Agreement, CalendarVersion, PolicyVersion } from '../models/sla/agreement';
import { businessHours, roundTheClock, type Calendar, type Span } from '../models/sla/calendar';
import type { PolicyRule, Step, Target } from '../models/sla/policy/shape';
import { holdfast, type Fact } from '../models/tickets/fact';
import { aContext, aPolicy, anOpening, calendars, categories, opened, people } from './factories';
import { goOn, services, teams, until, uuid, type Told } from './factories';

/** Of every kind: changes of an hour, of half an hour, in the south, on other dates, none, odd offsets. */
const zones = [
  ...['Europe/Berlin', 'Europe/London', 'Europe/Lisbon', 'Europe/Istanbul', 'Europe/Dublin'],
  ...['America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Santiago'],
  ...['America/Sao_Paulo', 'America/Havana', 'Africa/Cairo', 'Africa/Casablanca', 'Africa/Lagos'],
  ...['Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tokyo', 'Asia/Beirut', 'Asia/Jerusalem'],
  ...['Australia/Sydney', 'Australia/Lord_Howe', 'Australia/Adelaide', 'Pacific/Auckland'],
  ...['Pacific/Chatham', 'Pacific/Apia', 'UTC'],
];
/** Days before clocks are moved somewhere. */
const eves = ['03-06', '03-27', '03-29', '04-03', '04-23', '09-04', '10-02', '10-23', '10-30'];

const nightly: readonly Span[] = [['22:00', '06:00']];
const early: readonly Span[] = [['07:30', '12:00']];
const nights = uuid(43);
const sets = new Map(zones.map((zone) => [zone, [calendarsIn(zone, 1), calendarsIn(zone, 2)]]));

function calendarsIn(timezone: string, version: number): CalendarVersion[] {
  const daily = (spans: readonly Span[]): Calendar => ({
    timezone,
    weekly: { mon: spans, tue: spans, wed: spans, thu: spans, fri: spans, sat: spans, sun: spans },
  });
  return [
    { id: calendars.roundTheClock, version, calendar: roundTheClock },
    {
      id: calendars.business,
      version,
      calendar: version === 1 ? businessHours(timezone) : daily(early),
    },
    { id: nights, version, calendar: daily(nightly) },
  ];
}

const notifies: Step['actions'] = [{ action: 'notify', to: ['holder', 'teamLead'] }];
const ladders: readonly (readonly Step[] | undefined)[] = [
  undefined,
  [],
  [
    { key: 'half', at: { percent: 50 }, actions: notifies },
    {
      ...{ key: 'late', at: { percent: 100 }, actions: [{ action: 'escalate' }] },
      repeat: { everyMinutes: 20, times: 3 },
    },
  ],
  [
    { key: 'early', at: { seconds: -5_400 }, actions: notifies },
    {
      ...{ key: 'soon', at: { workingSeconds: -600 }, actions: [{ action: 'raisePriority' }] },
      repeat: { everyMinutes: 7, times: 1, otherwise: 'page' },
    },
    { key: 'page', actions: [{ action: 'declareMajor' }], repeat: { everyMinutes: 60, times: 1 } },
  ],
  [
    {
      ...{ key: 'move', at: { percent: 120 } },
      actions: [{ action: 'reassign', teamId: teams.network }, ...notifies],
    },
    { key: 'real', at: { seconds: 86_400 }, actions: [{ action: 'escalate' }] },
  ],
];

const seconds = fc.constantFrom(600, 3_600, 14_400, 86_401);
const amount = fc.oneof(
  seconds,
  fc.record({ P1: seconds, P2: seconds, P3: seconds, P4: seconds }, { requiredKeys: ['P1'] }),
);
const terms = fc.record(
  {
    targetSeconds: amount,
    calendar: fc
      .constantFrom(calendars.roundTheClock, calendars.business, nights)
      .map((calendarId) => ({ calendarId })),
    onChange: fc.constantFrom('keepElapsed' as const, 'restart' as const),
    counts: fc.constantFrom('fromOpening' as const, 'fromPromise' as const),
    ladder: fc.constantFrom(...ladders.filter((one) => one !== undefined)),
  },
  { requiredKeys: ['targetSeconds', 'calendar'] },
);
/** What each id counts, in whatever rule it stands. */
const kinds: readonly Pick<
  Target,
  'id' | 'kind' | 'metric' | 'teamId' | 'startWhen' | 'pauseWhile' | 'stopWhen'
>[] = [
  { id: 'response', kind: 'SLA', metric: 'firstResponse' },
  { id: 'resolution', kind: 'SLA', metric: 'resolution' },
  { id: 'next', kind: 'SLA', metric: 'nextResponse' },
  { id: 'ola', kind: 'OLA', metric: 'resolution' },
  { id: 'olaNetwork', kind: 'OLA', metric: 'resolution', teamId: teams.network },
  { id: 'uc', kind: 'UC', metric: 'resolution' },
  {
    ...{ id: 'own', kind: 'SLA', metric: 'resolution', startWhen: 'state==inProgress' },
    ...{ pauseWhile: 'holdReason==problem', stopWhen: 'isMajor==true' },
  },
];
const targets = fc
  .subarray([...kinds], { minLength: 1, maxLength: 4 })
  .chain((chosen) =>
    fc.tuple(...chosen.map((one) => terms.map((more): Target => ({ ...one, ...more })))),
  );
const conditions = [
  ...['priority=le=P2', 'holdReason==vendor', 'urgency==high', `team==${teams.network}`],
  ...['escalationLevel=gt=0', `service==${services.mail}`, 'state==inProgress', 'isMajor==true'],
];
const ruleSet = fc
  .array(fc.tuple(fc.constantFrom(...conditions, undefined, undefined), targets, fc.boolean()), {
    ...{ minLength: 1, maxLength: 3 },
  })
  .map((given) =>
    given.map(([when, all, isReminded], k): PolicyRule => ({
      ...{ name: `Rule ${k}`, targets: all, ...(when !== undefined && { when }) },
      ...(isReminded && { waiting: { remindAfterHours: [24], resolveAfterDays: 3 } }),
    })),
  );

interface Act {
  readonly name: string;
  readonly input: object;
  readonly by: Fact['actor'];
}
/** A version for open tickets, too, or an edit of every calendar; open tickets are told at once or never. */
type Turn =
  | { readonly act: Act }
  | { readonly publishes: readonly PolicyRule[] }
  | { readonly edits: 'told' | 'untold' };

const { agent, colleague, manager, requester } = people;
const comment = { body: 'Well.', isPublic: true };
const acts: readonly Act[] = [
  ...['customer', 'vendor', 'problem', 'change'].map((reason) => act('hold', { reason })),
  ...['P1', 'P2', 'P4'].map((override) => act('prioritize', { override, reason: 'x' }, manager)),
  ...[requester, requester, agent, agent].map((by) => act('commented', comment, by)),
  act('commented', { ...comment, isPublic: false }),
  act('hold', { reason: 'scheduled', until: '2026-12-30T12:00:00.000Z' }),
  act('prioritize', { urgency: 'high', impact: 'high' }),
  act('prioritize', { override: null }, manager),
  ...['resume', 'start', 'acknowledge', 'close', 'resume', 'start'].map((name) => act(name)),
  ...[teams.desk, teams.network].map((teamId) => act('assign', { teamId })),
  ...[agent, colleague].map(({ id }) => act('assign', { assigneeId: id })),
  ...[services.mail, services.orphan].map((serviceId) => act('classify', { serviceId })),
  act('classify', { categoryId: categories.software }),
  ...[1, 2].map(() => act('resolve', { code: 'solved', notes: 'x' })),
  ...[1, 2].map(() => act('reopen', { reason: 'x' })),
  act('declareMajor', { reason: 'x' }, manager),
  act('standDownMajor', {}, manager),
  act('cancel', { reason: 'x' }),
];

function act(name: string, input: object = {}, by: Fact['actor'] = agent): Act {
  return { name, input, by };
}

/** Minutes since the fact before; some come late. */
const passed = fc.oneof(
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 0, max: 3 * 1_440 }),
  fc.integer({ min: -1_440, max: 0 }),
);
const acting = fc.constantFrom(...acts).map((one): Turn => ({ act: one }));
const publishing = ruleSet.map((publishes): Turn => ({ publishes }));
const editing = fc.constantFrom<Turn>({ edits: 'told' }, { edits: 'untold' });

export interface Life {
  readonly openedAt: Instant;
  readonly zone: string;
  readonly rules: readonly PolicyRule[];
  readonly turns: readonly (readonly [Turn, number])[];
}

function livesOf(turn: fc.Arbitrary<Turn>): fc.Arbitrary<Life> {
  const eve = fc.tuple(fc.constantFrom(...eves), fc.integer({ min: 0, max: 2 * 1_440 }));
  return fc.record({
    openedAt: eve.map(([day, minute]) => plusSeconds(`2026-${day}T00:00:00.000Z`, minute * 60)),
    zone: fc.constantFrom(...zones),
    rules: ruleSet,
    turns: fc.array(fc.tuple(turn, passed), { maxLength: 16 }),
  });
}

/** Lives in which calendars stay as they are: their past can be counted again by what is agreed now. */
export const lives = livesOf(
  fc.oneof({ weight: 12, arbitrary: acting }, { weight: 1, arbitrary: publishing }),
);
/** Lives in which calendars are edited, too. */
export const livesWithEdits = livesOf(
  fc.oneof(
    { weight: 12, arbitrary: acting },
    { weight: 1, arbitrary: publishing },
    { weight: 1, arbitrary: editing },
  ),
);

/** A life that was led, up to an instant by which everything was done that was due. */
export interface Led extends Told {
  readonly agreement: Agreement;
  readonly openedAt: Instant;
  readonly until: Instant;
}

/** Leads it; what is refused has not happened, any other error is a bug and goes on up. */
export function led({ openedAt, zone, rules, turns }: Life): Led {
  let agreement: Agreement = {
    policies: [versionOf(1, openedAt, rules)],
    calendars: edited(zone, 1),
  };
  const fact = named('opened', anOpening(), { by: requester, at: openedAt, k: -1 });
  const birth = opened(fact, aContext({ agreement }));
  let so: Told = { ticket: birth.ticket, happenings: [birth] };
  let [minute, latest] = [0, 0];
  turns.forEach(([turn, minutes], k) => {
    const told = 'act' in turn ? turn.act : { name: 'agreed', input: {}, by: holdfast };
    // What is agreed is agreed now.
    minute = 'act' in turn ? Math.max(0, minute + minutes) : latest + 1;
    latest = Math.max(latest, minute);
    const at = plusSeconds(openedAt, minute * 60);
    so = after(so, [{ ...until(at), cause: `due-${k}` }], agreement);
    agreement = agreedBy(turn, { agreement, at, zone });
    if ('edits' in turn && turn.edits === 'untold') return;
    so = after(so, [named(told.name, told.input, { by: told.by, at, k })], agreement);
  });
  const end = plusSeconds(openedAt, (latest + 1_000) * 60);
  so = after(so, [until(end)], agreement);
  return { ...so, agreement, openedAt, until: end };
}

function agreedBy(
  turn: Turn,
  { agreement, at, zone }: { agreement: Agreement; at: Instant; zone: string },
): Agreement {
  const { policies, calendars: known } = agreement;
  if ('publishes' in turn)
    return {
      ...agreement,
      policies: [...policies, versionOf(policies.length + 1, at, turn.publishes)],
    };
  if ('edits' in turn && known.length <= 3)
    return { ...agreement, calendars: [...known, ...edited(zone, 2)] };
  return agreement;
}

function edited(zone: string, version: number): CalendarVersion[] {
  return sets.get(zone)?.[version - 1] ?? [];
}

function versionOf(
  version: number,
  publishedAt: Instant,
  rules: readonly PolicyRule[],
): PolicyVersion {
  return aPolicy({ version, publishedAt, appliesToOpen: true, definition: { rules } });
}

function named<T>(
  name: string,
  input: T,
  { by, at, k }: { by: Fact['actor']; at: Instant; k: number },
): Fact<T> {
  const via = by === holdfast ? 'engine' : 'api';
  return { cause: `fact-${k}`, name, input, actor: by, via, occurredAt: at };
}

function after(so: Told, facts: readonly Fact[], agreement: Agreement): Told {
  try {
    return goOn(so, facts, aContext({ agreement }));
  } catch (error) {
    if (error instanceof Refusal) return so;
    throw error;
  }
}

/** All lines of its feed. */
export function feedOf({ happenings }: Told) {
  return happenings.flatMap(({ events }) => events);
}
