import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { anIncident, eventsOf, later, tell, until } from '../../tests/factories';
import { IncidentDetailsShape } from '../../workflows/incidents/details';
import { isOutage } from './kernel/failure';
import { snapshotVersion, SnapshotTooNew, upcast, type Snapshot } from './snapshot';

/** Written by version 1: P3, started, both rungs of the response clock passed, on hold until Tuesday. */
const fixture = readFileSync(join(__dirname, 'fixtures/snapshot-1.json'), 'utf8');
const stored = (): Snapshot => z.custom<Snapshot>().parse(JSON.parse(fixture));

describe('a stored snapshot', () => {
  it('of the present version is read as it was written', () => {
    expect(upcast(stored())).toEqual({ ...stored(), v: snapshotVersion });
  });

  it('holds what the present code calls the details of an incident', () => {
    const { details } = upcast(stored());
    expect(IncidentDetailsShape.strict().safeParse(details).error).toBeUndefined();
  });

  it('goes on where it was: hold, agenda and clocks still mean the same', () => {
    const { details, clocks, agenda, work } = upcast(stored());
    const ticket = anIncident({ state: 'onHold', version: 5, revision: 5, clocks, agenda, work });
    const told = tell({ ...ticket, details }, [until(later({ days: 1 }))]);
    expect(eventsOf(told)).toEqual(['slaEscalated', 'resumed']);
    expect(told.ticket.state).toBe('inProgress');
    // 24 business hours from Monday nine, less the 3.5 of Monday's hold.
    expect(told.ticket.agenda.find(({ key }) => key === 'sla.resolution.100')?.at).toBe(
      later({ days: 3, hours: 3, minutes: 30 }),
    );
  });

  it('keeps keys that this code does not know, for the code that does', () => {
    const later = { ...stored(), votes: [{ by: 'x' }], mood: 'fine' };
    expect(upcast(later)).toEqual({ ...stored(), aside: { votes: [{ by: 'x' }], mood: 'fine' } });
  });

  it('adds them to what was set aside before', () => {
    const known = upcast({ ...stored(), aside: { votes: 1 } });
    expect(known.aside).toEqual({ votes: 1 });
    const more = { ...stored(), aside: { votes: 1 }, mood: 'fine' };
    expect(upcast(more).aside).toEqual({ votes: 1, mood: 'fine' });
  });

  it('is not changed by being read', () => {
    const before = stored();
    upcast(before);
    expect(before).toEqual(stored());
  });

  it('of newer code is an outage: tried again, by then perhaps by newer code', () => {
    const read = () => upcast({ ...stored(), v: snapshotVersion + 1 });
    expect(read).toThrow(SnapshotTooNew);
    expect(isOutage(new SnapshotTooNew('x'))).toBe(true);
  });
});
