import { aContext, aFact, anIncident, incidentProcess } from '../../tests/factories';
import { decide } from './decide';
import { underPresent } from './definition';
import type { Process } from './rules';
import type { Ticket } from './ticket';

const { version: present } = incidentProcess.declaration;
const newer = present + 1;
const second: Process = {
  ...incidentProcess,
  declaration: { ...incidentProcess.declaration, version: newer },
  upcast: (details, fromVersion) => ({ ...details, cameFrom: fromVersion }),
};
const start = aFact('start', {});

const decided = (process: Process, ticket: Ticket) => decide(process, ticket, start, aContext());

describe('a ticket that was opened under an earlier definition', () => {
  it('moves to the present one with the next fact, whose last line says so', () => {
    const { ticket, events } = decided(second, anIncident());
    expect(ticket).toMatchObject({
      ...{ definitionVersion: newer, details: { cameFrom: present }, version: 3 },
    });
    expect(events.map(({ type, cause }) => [type, cause])).toEqual([
      ['started', start.cause],
      ['definitionMoved', `${start.cause}#1`],
    ]);
    expect(events[1]).toMatchObject({ data: { from: present, to: newer }, visibility: 'internal' });
  });

  it('moves once', () => {
    const moved = { ...anIncident(), definitionVersion: newer };
    expect(decided(second, moved).events.map(({ type }) => type)).toEqual(['started']);
  });

  it('is read by its rule, and by callers, as it will be', () => {
    expect(underPresent(second, anIncident()).details).toMatchObject({ cameFrom: present });
  });

  it('keeps its details when the definition says nothing about them', () => {
    const silent: Process = {
      ...incidentProcess,
      declaration: { ...incidentProcess.declaration, version: newer },
    };
    expect(underPresent(silent, anIncident()).details).toEqual(anIncident().details);
  });

  it('is not moved back by the code of the release before', () => {
    const moved = { ...anIncident(), definitionVersion: newer };
    const { ticket, events } = decided(incidentProcess, moved);
    expect(ticket.definitionVersion).toBe(newer);
    expect(events.map(({ type }) => type)).toEqual(['started']);
  });
});
