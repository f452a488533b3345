/** A year of one ticket on the real server, in virtual time: every step of its ladder at its exact instant. */
import { msOf, plusDays, plusSeconds, toInstant, type Instant } from '../../models/instant';
import type { PolicyRule, Step } from '../../models/sla/policy/shape';
import { openWorld, type World } from '../harness';
import { beginLife, type Line, type LivingTicket } from './living';

const day = 86_400;
const week = 7 * 24 * 60;
const ladder: readonly Step[] = [
  { key: 'half', at: { percent: 50 }, actions: [{ action: 'notify', to: ['holder'] }] },
  {
    ...{ key: 'late', at: { percent: 100 }, actions: [{ action: 'notify', to: ['holder'] }] },
    repeat: { everyMinutes: week, times: 3, otherwise: 'page' },
  },
  {
    ...{ key: 'page', actions: [{ action: 'notify', to: ['managers'] }] },
    repeat: { everyMinutes: 4 * week, times: 9 },
  },
];

/** For tickets that are opened from now on: 200 days round the clock, 150 once they are P3. */
async function promiseLong({ rows, organizationId }: World): Promise<void> {
  const [calendar] = await rows(
    `select id from business_calendars where organization_id = $1 and name = 'Round the clock'`,
    [organizationId],
  );
  const rule: PolicyRule = {
    name: 'Long',
    targets: [
      {
        ...{ id: 'resolution', kind: 'SLA', metric: 'resolution', ladder },
        targetSeconds: { P3: 150 * day, P4: 200 * day },
        calendar: { calendarId: String(calendar?.['id']) },
      },
    ],
  };
  await rows(
    `insert into sla_policies (organization_id, id, version, ticket_type, name, rules, published_at)
     select organization_id, id, 2, ticket_type, name, $2, now() - interval '1 day'
       from sla_policies where organization_id = $1 and ticket_type = 'incident'`,
    [organizationId, JSON.stringify([rule])],
  );
}

const atOf = (lines: readonly Line[], type: string): Instant => {
  const found = lines.findLast((line) => line.type === type);
  if (!found) throw new Error(`Nothing was ${type}`);
  return found.at;
};

describe('a year in the life of a P4', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await promiseLong(world);
  });
  afterAll(() => world.close());

  const at = toInstant(Math.floor(Date.now() / 1_000) * 1_000);
  const onDay = (ticket: LivingTicket, days: number) => ticket.skipTo(plusDays(at, days));

  /** Held, answered, made urgent and less urgent again; acknowledged on day 300, resolved on day 365. */
  async function lead(ticket: LivingTicket): Promise<void> {
    await ticket.give('assign', { assigneeId: world.id('person', 'agent') }, { by: 'colleague' });
    await onDay(ticket, 20);
    await ticket.give('hold', { reason: 'customer' });
    await onDay(ticket, 50);
    await ticket.say('Here it is.', { by: 'user' });
    await onDay(ticket, 140);
    const override = (priority: string) => ({ override: priority, reason: 'The board says so.' });
    await ticket.give('prioritize', override('P3'), { by: 'manager' });
    await onDay(ticket, 160);
    await ticket.give('prioritize', override('P4'), { by: 'manager' });
    await onDay(ticket, 300);
    await ticket.give('acknowledge');
    await onDay(ticket, 365);
    await ticket.give('resolve', { code: 'solved', notes: 'At last.' });
  }

  it('has every step once, at its exact instant, and takes less than five seconds', async () => {
    const begun = Date.now();
    const ticket = await beginLife(world, { input: { impact: 'medium', urgency: 'low' }, at });
    await lead(ticket);
    const tookMs = Date.now() - begun;
    const lines = await ticket.feed();
    const [held, resumed] = [atOf(lines, 'held'), atOf(lines, 'resumed')];
    const stood = (msOf(resumed) - msOf(held)) / 1_000;
    const urgent = lines.find(({ type }) => type === 'prioritized')?.at;
    const due = (days: number) => plusSeconds(at, days * day + stood);
    const steps = lines.filter(({ type, data }) => type.startsWith('sla') && 'step' in data);
    expect(steps.map((line) => [line.type, line.data['step'], line.data['time'], line.at])).toEqual(
      [
        ['slaWarned', 'half', undefined, due(100)],
        // Of 150 days it had been reached before they were promised.
        ['slaWarned', 'half', undefined, urgent],
        ['slaBreached', 'late', undefined, due(200)],
        ['slaBreached', 'late', 1, due(207)],
        ['slaBreached', 'late', 2, due(214)],
        ['slaBreached', 'late', 3, due(221)],
        ['slaBreached', 'late', 4, due(228)],
        ['slaEscalated', 'page', undefined, due(228)],
        ['slaEscalated', 'page', 1, due(256)],
      ],
    );
    const { clocks, state } = await ticket.row();
    expect(state).toBe('resolved');
    expect(clocks).toMatchObject([
      { state: 'stopped', former: [{}, {}], breaches: [{ at: due(200), withdrawnAt: null }] },
    ]);
    expect(tookMs).toBeLessThan(5_000);
  });
});
