import { aContext, aFact, anIncident, incidentProcess } from '../../tests/factories';
import { decide } from './decide';
import { underPresent } from './definition';
import type { Process } from './rules';
import type { Ticket } from './ticket';

const second: Process = {
  ...incidentProcess,
  declaration: { ...incidentProcess.declaration, version: 2 },
  upcast: (details, fromVersion) => ({ ...details, cameFrom: fromVersion }),
};
const start = aFact('start', {});

const decided = (process: Process, ticket: Ticket) => decide(process, ticket, start, aContext());

describe('a ticket that was opened under an earlier definition', () => {
  it('moves to the present one with the next fact, whose last line says so', () => {
    const { ticket, events } = decided(second, anIncident());
    expect(ticket).toMatchObject({ definitionVersion: 2, details: { cameFrom: 1 }, version: 3 });
    expect(events.map(({ type, cause }) => [type, cause])).toEqual([
      ['started', start.cause],
      ['definitionMoved', `${start.cause}#1`],
    ]);
    expect(events[1]).toMatchObject({ data: { from: 1, to: 2 }, visibility: 'internal' });
  });

  it('moves once', () => {
    const moved = { ...anIncident(), definitionVersion: 2 };
    expect(decided(second, moved).events.map(({ type }) => type)).toEqual(['started']);
  });

  it('is read by its rule, and by callers, as it will be', () => {
    expect(underPresent(second, anIncident()).details).toMatchObject({ cameFrom: 1 });
  });

  it('keeps its details when the definition says nothing about them', () => {
    const silent: Process = {
      ...incidentProcess,
      declaration: { ...incidentProcess.declaration, version: 2 },
    };
    expect(underPresent(silent, anIncident()).details).toEqual(anIncident().details);
  });

  it('is not moved back by the code of the release before', () => {
    const moved = { ...anIncident(), definitionVersion: 2 };
    const { ticket, events } = decided(incidentProcess, moved);
    expect(ticket.definitionVersion).toBe(2);
    expect(events.map(({ type }) => type)).toEqual(['started']);
  });
});
