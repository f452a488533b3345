import type { Ticket } from '../../models/tickets/ticket';
import {
  aFact,
  anIncident,
  anIncidentIn,
  eventsOf,
  later,
  noticesOf,
  people,
  refusalOf,
  teams,
  tell,
} from '../../tests/factories';

const clockOf = ({ clocks }: Ticket, id: string) => clocks.find((clock) => clock.id === id);
const hierarchical = (level?: number) =>
  aFact('escalate', { kind: 'hierarchical', reason: 'No progress.', ...(level ? { level } : {}) });
const functional = (teamId: string) => aFact('escalate', { kind: 'functional', teamId });

describe('a functional escalation', () => {
  it('gives it to another team and to nobody there', () => {
    const told = tell(anIncidentIn('inProgress'), [functional(teams.network)]);
    expect(told.ticket).toMatchObject({
      state: 'assigned',
      teamId: teams.network,
      assigneeId: null,
      details: { startedAt: null, reassignmentCount: 1 },
    });
    expect(eventsOf(told)).toEqual(['escalated']);
    expect(noticesOf(told)).toEqual([['team', 'assignedToTeam']]);
  });

  it('ends a hold, with its time, and the resolution clock goes on', () => {
    const { ticket } = tell(anIncidentIn('inProgress'), [
      aFact('hold', { reason: 'scheduled', until: later({ days: 1 }) }),
      functional(teams.network),
    ]);
    expect(ticket.details).toMatchObject({ hold: null });
    expect(ticket.agenda.map(({ key }) => key)).not.toContain('holdUntil');
    expect(clockOf(ticket, 'resolution')?.state).toBe('running');
  });

  it('takes a resolution back', () => {
    const { ticket } = tell(anIncidentIn('resolved'), [functional(teams.network)]);
    expect(ticket).toMatchObject({
      state: 'assigned',
      resolvedAt: null,
      details: { resolution: null, reopenCount: 1 },
    });
    expect(ticket.agenda.map(({ key }) => key)).not.toContain('autoClose');
    expect(clockOf(ticket, 'resolution')?.state).toBe('running');
    expect(clockOf(ticket, 'response')?.state).toBe('stopped');
  });

  it.each([teams.desk, teams.dissolved])(
    'is refused to the team that has it or has ended',
    (id) => {
      const refusal = refusalOf(() => tell(anIncidentIn('inProgress'), [functional(id)]));
      expect(refusal.details.errors?.[0]?.pointer).toBe('/teamId');
    },
  );
});

describe('a hierarchical escalation', () => {
  it('goes to the team lead first, then to the managers', () => {
    const told = tell(anIncident(), [hierarchical(), hierarchical()]);
    expect(told.ticket.details).toMatchObject({ escalation: { level: 2 } });
    expect(noticesOf(told)).toEqual([
      ['teamLead', 'escalated'],
      ['managers', 'escalated'],
    ]);
  });

  it('may skip levels', () => {
    const told = tell(anIncident(), [hierarchical(3)]);
    expect(told.ticket.details).toMatchObject({
      escalation: { level: 3, reason: 'No progress.' },
    });
    expect(noticesOf(told)).toEqual([['managers', 'escalated']]);
  });

  it.each([1, 2])('is refused from level 2 to level %d', (level) => {
    const refusal = refusalOf(() => tell(anIncident(), [hierarchical(2), hierarchical(level)]));
    expect(refusal.details.errors?.[0]?.pointer).toBe('/level');
  });

  it('has to be acknowledged anew', () => {
    const { ticket } = tell(anIncident(), [
      hierarchical(),
      aFact('acknowledge', {}, { actor: people.colleague }),
      hierarchical(),
    ]);
    expect(ticket.details).toMatchObject({
      escalation: { acknowledgedAt: null, acknowledgedById: null },
    });
  });
});

describe('acknowledge and deescalate', () => {
  it('keep who has seen it and when', () => {
    const { ticket } = tell(anIncident(), [
      hierarchical(),
      aFact('acknowledge', {}, { actor: people.colleague, occurredAt: later({ hours: 2 }) }),
    ]);
    expect(ticket.details).toMatchObject({
      escalation: {
        level: 1,
        acknowledgedAt: later({ hours: 2 }),
        acknowledgedById: people.colleague.id,
      },
    });
  });

  it('lower the level by one, never below none', () => {
    const twice = [hierarchical(2), aFact('deescalate', {})];
    expect(tell(anIncident(), twice).ticket.details).toMatchObject({ escalation: { level: 1 } });
    expect(tell(anIncident(), [aFact('deescalate', {})]).ticket.details).toMatchObject({
      escalation: { level: 0 },
    });
  });
});

describe('a major incident', () => {
  const declare = aFact('declareMajor', { reason: 'All sites.' }, { actor: people.manager });

  it('says who declared it and why, and tells lead and managers', () => {
    const told = tell(anIncident(), [declare]);
    expect(told.ticket.details).toMatchObject({
      major: { reason: 'All sites.', byId: people.manager.id, declaredAt: later({ hours: 1 }) },
    });
    expect(noticesOf(told)).toEqual([
      ['teamLead', 'majorDeclared'],
      ['managers', 'majorDeclared'],
    ]);
  });

  it('can be stood down', () => {
    const told = tell(anIncident(), [
      declare,
      aFact('standDownMajor', {}, { actor: people.manager }),
    ]);
    expect(told.ticket.details).toMatchObject({ major: null });
    expect(eventsOf(told)).toEqual(['majorDeclared', 'majorStoodDown']);
  });
});
