import {
  aRule,
  aTarget,
  at,
  clockOf,
  only,
  opensUnder,
  ranks,
  resolves,
  waits,
} from '../../tests/clocks';
import { later, noticesOf, people, teams, type Told } from '../../tests/factories';
import type { Step, StepAction } from './policy/shape';

const tellsHolder: StepAction = { action: 'notify', to: ['holder'] };
/** Eight hours round the clock, by this ladder. */
const climbs = (...ladder: Step[]) => opensUnder(only([aRule({ targets: [aTarget({ ladder })] })]));
const atBreach = (...actions: StepAction[]): Step => ({
  key: 'late',
  at: { percent: 100 },
  actions,
});
const steps = ({ ticket }: Told) =>
  clockOf(ticket, 'resolution').passed.map(({ step, time, at: when }) => [step, time, when]);
const told = (so: Told) => noticesOf(so).map(([to]) => to);

describe('a step that is due', () => {
  it('tells the holder, and whoever else it names', () => {
    const to = [
      'assignee',
      'team',
      'teamLead',
      'requesterManager',
      'serviceOwner',
      'managers',
    ] as const;
    const somebody = { userId: people.colleague.id };
    const ladder = climbs(atBreach({ action: 'notify', to: [...to, somebody] }));
    expect(told(ladder.tell(waits(8)))).toEqual([...to, somebody]);
  });

  it('tells the team as holder while nobody has the ticket, then the assignee', () => {
    const ladder = climbs(atBreach(tellsHolder));
    expect(noticesOf(ladder.tell(waits(8)))).toEqual([['team', 'slaBreach']]);
    expect(noticesOf(ladder.tell(at(1, 'start'), waits(8)))).toEqual([['assignee', 'slaBreach']]);
  });

  it('is called by the side of the deadline on which it lies, in the feed and to people', () => {
    const ladder = climbs(
      { key: 'early', at: { seconds: -3_600 }, actions: [tellsHolder] },
      atBreach(tellsHolder),
      { key: 'page', at: { workingSeconds: 3_600 }, actions: [tellsHolder] },
    );
    const so = ladder.tell(waits(7), waits(8), waits(9));
    expect(noticesOf(so).map(([, notice]) => notice)).toEqual([
      'slaWarning',
      'slaBreach',
      'slaEscalation',
    ]);
    expect(
      so.happenings.flatMap(({ events }) => events.map(({ type, at: when }) => [type, when])),
    ).toEqual([
      ['slaWarned', later({ hours: 7 })],
      ['slaBreached', later({ hours: 8 })],
      ['slaEscalated', later({ hours: 9 })],
    ]);
  });

  it('says in the feed which clock and step it was, internally, and what happened to the clock', () => {
    const [happening] = climbs(atBreach()).tell(waits(8)).happenings;
    const due = later({ hours: 8 });
    expect(happening?.events).toMatchObject([
      {
        ...{
          type: 'slaBreached',
          visibility: 'internal',
          via: 'engine',
          actor: { kind: 'system' },
        },
        data: {
          ...{ clock: 'resolution', step: 'late', at: due, percent: 100 },
          clocks: [{ did: 'passed', step: 'late', time: 0, due, at: due, isBreach: true }],
        },
      },
    ]);
  });

  it('records the breach where the ladder has no step at the deadline, and tells nobody', () => {
    const so = climbs({ key: 'early', at: { percent: 50 }, actions: [tellsHolder] }).tell(waits(9));
    expect(clockOf(so.ticket, 'resolution').breaches.map(({ at: when }) => when)).toEqual([
      later({ hours: 8 }),
    ]);
    expect(steps(so).at(-1)).toEqual(['breach', 0, later({ hours: 8 })]);
  });
});

describe('what a step does', () => {
  it('gives the ticket to another team, from nobody in particular', () => {
    const ladder = climbs(atBreach({ action: 'reassign', teamId: teams.network }));
    const { ticket } = ladder.tell(at(1, 'start'), waits(8));
    expect(ticket).toMatchObject({ teamId: teams.network, assigneeId: null });
  });

  it('leaves the ticket with whoever has it when that team is theirs, or works no more', () => {
    for (const teamId of [teams.desk, teams.dissolved]) {
      const { ticket } = climbs(atBreach({ action: 'reassign', teamId })).tell(
        at(1, 'start'),
        waits(8),
      );
      expect(ticket).toMatchObject({ teamId: teams.desk, assigneeId: people.agent.id });
    }
  });

  it('raises the priority by one, once a ticket', () => {
    const raise: StepAction = { action: 'raisePriority' };
    const ladder = climbs(atBreach(raise), {
      key: 'again',
      at: { percent: 150 },
      actions: [raise],
    });
    const so = ladder.tell(waits(8));
    expect(so.ticket).toMatchObject({ priority: 'P2', details: { raisedAt: later({ hours: 8 }) } });
    expect(ladder.tell(waits(24)).ticket.priority).toBe('P2');
  });

  it('leaves the highest priority where it is', () => {
    const { ticket } = climbs(atBreach({ action: 'raisePriority' })).tell(ranks(1, 'P1'), waits(8));
    expect(ticket).toMatchObject({ priority: 'P1', details: { raisedAt: null } });
  });

  it('retargets clocks by the priority that it has raised', () => {
    const ladder = [atBreach({ action: 'raisePriority' })];
    const resolution = aTarget({ ladder });
    const bySeconds = aTarget({ id: 'repair', targetSeconds: { P2: 36_000, P3: 72_000 } });
    const { ticket } = opensUnder(only([aRule({ targets: [resolution, bySeconds] })])).tell(
      waits(8),
    );
    expect(clockOf(ticket, 'repair')).toMatchObject({
      ...{ terms: { targetSeconds: 36_000 }, termsSince: later({ hours: 8 }) },
    });
  });

  it('declares it major, unless it is', () => {
    const ladder = climbs(atBreach({ action: 'declareMajor' }));
    const so = ladder.tell(waits(8));
    expect(so.ticket.details).toMatchObject({
      major: { declaredAt: later({ hours: 8 }), byId: null },
    });
    expect(told(so)).toEqual(['teamLead', 'managers', 'teamLead']);
    const by = ladder.tell(
      at(1, 'declareMajor', { reason: 'All of it.' }, people.manager),
      waits(8),
    );
    expect(by.ticket.details).toMatchObject({ major: { byId: people.manager.id } });
  });

  it('escalates by one level and wants to be acknowledged anew', () => {
    const { ticket } = climbs(atBreach({ action: 'escalate' })).tell(
      at(1, 'acknowledge'),
      waits(8),
    );
    expect(ticket.details).toMatchObject({ escalation: { level: 1, acknowledgedAt: null } });
  });

  it('hands the ticket to a team once, however often other terms bring the step again', () => {
    const move: StepAction = { action: 'reassign', teamId: teams.network };
    const targetSeconds = { P3: 8 * 3_600, P1: 12 * 3_600 };
    const target = aTarget({ ladder: [atBreach(move)], targetSeconds });
    const ladder = opensUnder(only([aRule({ targets: [target] })]));
    const back = at(9, 'assign', { teamId: teams.desk });
    const { ticket } = ladder.tell(waits(8), back, ranks(10, 'P1'), waits(24));
    expect(ticket.clocks[0]?.breaches).toHaveLength(2);
    expect(ticket.teamId).toBe(teams.desk);
  });

  it('does all of it in its order', () => {
    const move: StepAction = { action: 'reassign', teamId: teams.network };
    const so = climbs(atBreach(move, tellsHolder)).tell(at(1, 'start'), waits(8));
    // The holder is by then the other team.
    expect(noticesOf(so)).toEqual([
      ['team', 'assignedToTeam'],
      ['team', 'slaBreach'],
    ]);
  });
});

describe('a step that is repeated', () => {
  it('tells again, and raises the level once', () => {
    const raise: StepAction = { action: 'escalate' };
    const repeat = { everyMinutes: 15, times: 3 };
    const so = climbs({ ...atBreach(tellsHolder, raise), repeat }).tell(waits(8.6));
    expect(steps(so)).toHaveLength(3);
    expect(so.ticket.details).toMatchObject({ escalation: { level: 1 } });
  });

  const page: Step = { ...atBreach(tellsHolder), repeat: { everyMinutes: 15, times: 2 } };
  const quarter = (n: number) => later({ hours: 8, minutes: 15 * n });

  it('comes again, at the same distance, until somebody acknowledges', () => {
    const so = climbs(page).tell(waits(8), waits(8.25), at(8.4, 'acknowledge'), waits(12));
    expect(steps(so)).toEqual([
      ['late', 0, quarter(0)],
      ['late', 1, quarter(1)],
    ]);
    expect(told(so)).toEqual(['team', 'team']);
    expect(so.ticket.agenda).toEqual([]);
  });

  it('is not silenced by an acknowledgement of before', () => {
    expect(steps(climbs(page).tell(at(7, 'acknowledge'), waits(8.25)))).toHaveLength(2);
  });

  it('in vain goes to the next level: the team lead, then the managers', () => {
    const so = climbs(page).tell(waits(8), waits(8.25), waits(8.5), waits(8.75), waits(20));
    expect(steps(so)).toEqual([0, 1, 2, 3].map((n) => ['late', n, quarter(n)]));
    expect(told(so)).toEqual(['team', 'team', 'team', 'teamLead']);
    expect(so.ticket.details).toMatchObject({ escalation: { level: 1 } });
    const raised = at(1, 'escalate', { kind: 'hierarchical', reason: 'x' });
    const higher = climbs(page).tell(raised, waits(8), waits(8.25), waits(8.5), waits(8.75));
    expect(told(higher).at(-1)).toBe('managers');
  });

  it('in vain takes the step that it names for that, and no level', () => {
    const other: Step = { key: 'page', actions: [{ action: 'notify', to: ['managers'] }] };
    const repeat = { everyMinutes: 15, times: 1, otherwise: 'page' };
    const so = climbs({ ...page, repeat }, other).tell(waits(8), waits(8.25), waits(8.5));
    expect(steps(so)).toEqual([
      ['late', 0, quarter(0)],
      ['late', 1, quarter(1)],
      ['late', 2, quarter(2)],
      ['page', 0, quarter(2)],
    ]);
    expect(noticesOf(so).at(-1)).toEqual(['managers', 'slaEscalation']);
    expect(so.ticket.details).toMatchObject({ escalation: { level: 0 } });
  });

  it('that is taken otherwise may be repeated, too', () => {
    const repeat = { everyMinutes: 15, times: 0, otherwise: 'page' };
    const other: Step = { key: 'page', actions: [], repeat: { everyMinutes: 60, times: 1 } };
    const so = climbs({ ...page, repeat }, other).tell(waits(12));
    expect(steps(so).slice(2)).toEqual([
      ['page', 0, quarter(1)],
      ['page', 1, quarter(5)],
      ['page', 2, quarter(9)],
    ]);
  });

  it('comes no more once a higher step was taken, or while the clock stands', () => {
    const higher: Step = { key: 'top', at: { percent: 101 }, actions: [] };
    const so = climbs(page, higher).tell(waits(12));
    expect(steps(so).map(([key]) => key)).toEqual(['late', 'top']);
    expect(steps(climbs(page).tell(resolves(8.1), waits(12)))).toHaveLength(1);
  });
});

describe('after an outage', () => {
  const ladder = climbs(
    { key: 'early', at: { percent: 50 }, actions: [{ action: 'notify', to: ['assignee'] }] },
    { ...atBreach({ action: 'notify', to: ['team'] }, { action: 'escalate' }) },
    { key: 'top', at: { percent: 150 }, actions: [{ action: 'notify', to: ['managers'] }] },
  );

  it('all steps are recorded at their true instants, and only the highest tells people', () => {
    const so = ladder.tell(waits(48));
    expect(steps(so)).toEqual([
      ['early', 0, later({ hours: 4 })],
      ['late', 0, later({ hours: 8 })],
      ['top', 0, later({ hours: 12 })],
    ]);
    expect(told(so)).toEqual(['managers']);
  });

  it('steps that are overtaken still do what they do', () => {
    expect(ladder.tell(waits(48)).ticket.details).toMatchObject({ escalation: { level: 1 } });
  });

  it('that ended between two steps only the higher of those taken tells people', () => {
    expect(told(ladder.tell(waits(9)))).toEqual(['team']);
  });

  it('a repeated step tells people once, for the last of its times', () => {
    const step: Step = { ...atBreach(tellsHolder), repeat: { everyMinutes: 15, times: 4 } };
    const so = climbs(step).tell(waits(8.6));
    expect(steps(so).map(([, time]) => time)).toEqual([0, 1, 2]);
    expect(told(so)).toEqual(['team']);
  });

  it('clocks tell of themselves, whatever others have to say', () => {
    const response = aTarget({ id: 'response', metric: 'firstResponse', targetSeconds: 3_600 });
    const both = opensUnder(only([aRule({ targets: [response, aTarget()] })])).tell(waits(7));
    expect(noticesOf(both)).toEqual([
      ['managers', 'slaEscalation'],
      ['team', 'slaWarning'],
    ]);
  });
});
