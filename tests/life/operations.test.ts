/** What operations see of a life in the Temporal Web UI, and what their buttons do to it. */
import type { temporal } from '@temporalio/proto';
import { plusSeconds, toInstant } from '../../models/instant';
import { eventually, openWorld, type World } from '../harness';
import { beginLife, pendingTimers, summaries, type LivingTicket } from './living';

const minutes = 60;
const p1 = { impact: 'high', urgency: 'high' };
const solved = { code: 'solved', notes: 'The queue was restarted.' };

async function shown(ticket: LivingTicket): Promise<string> {
  const metadata = await ticket.handle.query<temporal.api.sdk.v1.IWorkflowMetadata>(
    '__temporal_workflow_metadata',
  );
  return metadata.currentDetails ?? '';
}

describe('a life in the Web UI', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('shows state, owner, clocks with their due instants, and what comes next', async () => {
    const at = toInstant(Date.now());
    const ticket = await beginLife(world, { input: p1, at });
    const [agent, team] = [world.id('person', 'agent'), world.id('team', 'Service desk')];
    await ticket.give('assign', { assigneeId: agent }, { by: 'colleague' });
    const page = await shown(ticket);
    expect(page).toContain(`**${ticket.number}** assigned, P1, version 2`);
    expect(page).toContain(`team ${team}, person ${agent}`);
    expect(page).toContain(`Clock response: running, due ${plusSeconds(at, 15 * minutes)}`);
    expect(page).toContain(`Clock resolution: running, due ${plusSeconds(at, 240 * minutes)}`);
    const first = `| ${plusSeconds(at, 11.25 * minutes)} | The response clock reaches 75 %: warning. |`;
    expect(page.split('\n')).toContain(first);
    expect(page).not.toContain('No mail');
  });

  it('shows a ticket that waits for the customer with a paused clock and an empty agenda', async () => {
    const ticket = await beginLife(world, { input: p1 });
    await ticket.say('We look into it.');
    await ticket.give('hold', { reason: 'customer' });
    const page = await shown(ticket);
    expect(page).toContain('onHold');
    expect(page).toContain('Clock resolution: paused\n');
    expect(page).toContain('Nothing lies ahead.');
  });

  it('has a summary on itself, on its timers and on its steps', async () => {
    const ticket = await beginLife(world, { input: p1 });
    await ticket.give('resolve', solved);
    await ticket.rests();
    expect(summaries(await ticket.history(), 'WORKFLOW_EXECUTION_STARTED')).toEqual([
      `incident ${ticket.number}`,
    ]);
    expect(summaries(await ticket.history(), 'TIMER_STARTED')).toEqual([
      'The response clock reaches 75 %: warning.',
      'The requester is reminded that it will be closed.',
    ]);
    expect(summaries(await ticket.history(), 'MARKER_RECORDED')).toEqual(['resolve']);
  });

  it('comes first as a P1 and last when it was brought over from another system', async () => {
    const turnOf = async (input: Readonly<Record<string, unknown>>) => {
      const { raw } = await (await beginLife(world, { input })).handle.describe();
      return raw.workflowExecutionInfo?.priority?.priorityKey;
    };
    expect(await turnOf(p1)).toBe(1);
    expect(await turnOf({ ...p1, urgency: 'low' })).toBe(3);
    expect(await turnOf({ ...p1, channel: 'import' })).toBe(5);
  });

  it('carries search attributes that follow its commands', async () => {
    const ticket = await beginLife(world, { input: p1 });
    const attributes = async () => {
      const { typedSearchAttributes } = await ticket.handle.describe();
      const own = typedSearchAttributes.getAll().filter(({ key }) => /^[A-Z]/.test(key.name));
      const pairs = own.map(({ key, value }): [string, unknown] => [key.name, value]);
      return Object.fromEntries(pairs.filter(([name]) => name !== 'BuildIds'));
    };
    const desk = { Organization: world.slug, TicketType: 'incident' };
    const opened = { ...desk, Team: world.id('team', 'Service desk'), TicketState: 'new' };
    expect(await attributes()).toMatchObject({ ...opened, Priority: 'P1', Sla: 'running' });
    await ticket.give('assign', { teamId: world.id('team', 'Network') });
    await ticket.give('start', {}, { by: 'colleague' });
    await ticket.give('prioritize', { urgency: 'low' });
    await ticket.rests();
    expect(await attributes()).toMatchObject({
      ...{ ...desk, TicketState: 'inProgress', Priority: 'P3', Sla: 'running' },
      ...{ Team: world.id('team', 'Network'), Assignee: world.id('person', 'colleague') },
    });
    await ticket.give('assign', { assigneeId: null });
    await ticket.rests();
    expect(await attributes()).not.toHaveProperty('Assignee');
    await ticket.give('resolve', solved, { by: 'manager' });
    await ticket.give('reopen', { reason: 'It came back.' });
    await ticket.rests();
    expect(await attributes()).toMatchObject({ Assignee: world.id('person', 'manager') });
  });

  it('is found in lists by its search attributes, warned and breached', async () => {
    const at = toInstant(Date.now());
    const ticket = await beginLife(world, { input: p1, at });
    const listed = (sla: string) =>
      eventually(`a list of lives that are ${sla}`, async () => {
        const query = `Organization = '${world.slug}' and Priority = 'P1' and Sla = '${sla}'`;
        for await (const { workflowId } of world.engine.client.workflow.list({ query })) {
          if (workflowId === ticket.workflowId) return true;
        }
        return undefined;
      });
    await ticket.skipTo(plusSeconds(at, 12 * minutes));
    await ticket.hears('slaWarned');
    expect(await listed('warned')).toBe(true);
    await ticket.skipTo(plusSeconds(at, 16 * minutes));
    await ticket.hears('slaBreached');
    expect(await listed('breached')).toBe(true);
  });

  it('ignores a cancel, records it, and goes on with commands, signals and timers', async () => {
    const at = toInstant(Date.now());
    const ticket = await beginLife(world, { input: p1, at });
    await ticket.handle.cancel();
    const [ignored] = await ticket.hears('engineCancelIgnored');
    expect(ignored).toMatchObject({ actor: { kind: 'system' }, via: 'engine' });
    expect(await ticket.give('start')).toMatchObject({ kind: 'applied' });
    await ticket.say('We look into it.');
    await ticket.skipTo(plusSeconds(at, 181 * minutes));
    const [warned] = await ticket.hears('slaWarned');
    expect(warned?.at).toBe(plusSeconds(at, 180 * minutes));
    await ticket.rests();
    expect(pendingTimers(await ticket.history())).toBe(1);
    await ticket.give('cancel', { reason: 'Sent twice.' });
    expect(await ticket.ended()).toBe('COMPLETED');
    expect((await ticket.feed()).map(({ type }) => type)).toEqual([
      ...['opened', 'engineCancelIgnored', 'started', 'commented', 'slaWarned', 'cancelled'],
    ]);
  });

  it('sets a command aside whose text no database can hold, and goes on', async () => {
    const ticket = await beginLife(world, { input: p1 });
    const given = await ticket.give('resolve', { code: 'solved', notes: 'no\u0000thing' });
    expect(given).toMatchObject({ kind: 'failed', code: 'rule_failed' });
    expect(await ticket.give('resolve', solved)).toMatchObject({ kind: 'applied', version: 2 });
  });
});
