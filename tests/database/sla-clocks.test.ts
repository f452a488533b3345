/** Clocks as rows, for figures: what they say is what the clocks of the ticket say. */
import { plusSeconds } from '../../models/instant';
import { decidedBefore } from '../../models/migrations/0022-sla-figures';
import { calendarOf } from '../../models/sla/agreement';
import { judged } from '../../models/sla/judged';
import { loadTerms } from '../../models/tickets/kernel/agreed';
import { findTicket } from '../../models/tickets/kernel/store';
import { openWorld, type World } from '../harness';
import { monday, openRow, who } from './row';

const at = (hours: number) => plusSeconds(monday, hours * 3_600);
const solved = { code: 'solved', notes: 'The queue was restarted.' };

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  // Of P3, which the business hours of Berlin count, desks have an hour.
  await world.rows(
    `update sla_policies set published_at = '2026-01-01', rules = jsonb_set(rules, '{1,targets,2}',
       jsonb_build_object('id', 'desk', 'kind', 'OLA', 'metric', 'resolution',
         'targetSeconds', 3600, 'calendar', rules #> '{1,targets,0,calendar}'))`,
  );
});
afterAll(() => world.close());

async function rowsOf(id: string) {
  return world.rows(
    `select clock_id as id, state, kind, team_id as "teamId", target_seconds as "targetSeconds",
            rule, priority, ticket_team_id as "ticketTeamId", missed_at as "missedAt",
            due_at as "dueAt", stopped_at as "stoppedAt", elapsed_ms::float8 as "elapsedMs",
            judged_at as "judgedAt"
       from sla_clocks where ticket_id = $1 order by clock_id`,
    [id],
  );
}

const date = (instant: string | null) => (instant === null ? null : new Date(instant));

/** As the ticket itself says; what has ended keeps whose it was. */
async function expected(id: string) {
  return world.database.inOrganization(world.organizationId, async (tx) => {
    const stored = await findTicket(tx, { id });
    if (!stored) throw new Error('The row is gone');
    const { ticket } = stored;
    const { agreement } = await loadTerms(tx, 'incident', ticket);
    return ticket.clocks
      .map((clock) => {
        const { state, kind, teamId, terms, stoppedAt } = clock;
        const { dueAt, missedAt, elapsedMs } = judged(clock, calendarOf(agreement, clock));
        const decidedAt = missedAt ?? (state === 'stopped' ? stoppedAt : null);
        return {
          ...{ id: clock.id, state, kind, teamId, elapsedMs, rule: terms.rule },
          ...{ targetSeconds: terms.targetSeconds, dueAt: date(dueAt), missedAt: date(missedAt) },
          ...{ stoppedAt: date(stoppedAt), judgedAt: date(decidedAt) },
          ...(stoppedAt === null && {
            priority: ticket.priority,
            ticketTeamId: ticket.teamId,
          }),
        };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  });
}

it('rows of clocks say after every fact what the clocks of the ticket say', async () => {
  const incident = await openRow(world, 'incident', { impact: 'medium', urgency: 'medium' });
  const customer = { reason: 'customer', comment: 'Which printer?' };
  const said = { body: 'It is back.', isPublic: true };
  const facts = [
    { name: 'start', occurredAt: at(0.2) },
    { name: 'hold', input: customer, occurredAt: at(0.5) },
    { name: 'prioritize', input: { impact: 'high' }, occurredAt: at(1) },
    { name: 'resume', occurredAt: at(2) },
    { name: 'assign', input: { teamId: world.id('team', 'Network') }, occurredAt: at(3) },
    { name: 'prioritize', input: { impact: 'medium' }, occurredAt: at(20) },
    { name: 'resolve', input: solved, occurredAt: at(200) },
    { name: 'commented', input: said, actor: who(world, 'user'), occurredAt: at(201) },
    { name: 'assign', input: { teamId: world.id('team', 'Service desk') }, occurredAt: at(202) },
    { name: 'cancel', input: { reason: 'Not needed.' }, occurredAt: at(203) },
  ];
  expect(await rowsOf(incident.id)).toMatchObject(await expected(incident.id));
  const seen = new Set<string>();
  for (const fact of facts) {
    const { outcome } = await incident.apply(fact);
    expect([fact.name, outcome.kind]).toEqual([fact.name, 'applied']);
    const rows = await expected(incident.id);
    expect(await rowsOf(incident.id)).toMatchObject(rows);
    for (const { state, missedAt } of rows) seen.add(`${state}${missedAt ? ', missed' : ''}`);
  }
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['cancelled', 'paused', 'running, missed', 'stopped']),
  );
});

it('a ticket without promises has no rows, and a fact that moves no clock writes none', async () => {
  const incident = await openRow(world, 'incident', { impact: 'high', urgency: 'high' });
  const approver = { kind: 'person', id: world.id('person', 'manager') };
  const approval = await openRow(world, 'approval', { approvers: [approver] });
  expect(await rowsOf(approval.id)).toEqual([]);
  const written = async () =>
    (await world.rows('select xmin::text from sla_clocks where ticket_id = $1', [incident.id])).map(
      ({ xmin }) => xmin,
    );
  const before = await written();
  await incident.apply({ name: 'start', occurredAt: at(0.01) });
  expect(await written()).toEqual(before);
});

it('what was decided before there was the table is taken from the tickets', async () => {
  const incident = await openRow(world, 'incident', { impact: 'high', urgency: 'high' });
  await incident.apply({ name: 'resolve', input: solved, occurredAt: at(1) });
  const before = await rowsOf(incident.id);
  await world.rows('delete from sla_clocks');
  await world.rows(decidedBefore);
  expect(await rowsOf(incident.id)).toEqual(
    before.map((row) => ({ ...row, dueAt: null, elapsedMs: null })),
  );
  expect(before.map(({ missedAt }) => missedAt === null)).toEqual([true, false]);
});
