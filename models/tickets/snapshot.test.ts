import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  anIncident,
  eventsOf,
  incidentProcess,
  later,
  monday,
  tell,
  until,
} from '../../tests/factories';
import { IncidentDetailsShape } from '../../workflows/incidents/details';
import { underPresent } from './definition';
import { isOutage } from './kernel/failure';
import { snapshotVersion, SnapshotTooNew, upcast, type Snapshot } from './snapshot';

const fixtureOf = (version: number) =>
  readFileSync(join(__dirname, `fixtures/snapshot-${version}.json`), 'utf8');
const read = (version: number): Snapshot =>
  z.custom<Snapshot>().parse(JSON.parse(fixtureOf(version)));
const stored = () => read(snapshotVersion);
/** The ticket of a fixture, with its columns; its details were defined by the version of that time. */
const ticketOf = (version: number) => {
  const { details, ...kept } = upcast(read(version));
  const columns = { state: 'onHold', version: 6, revision: 6, definitionVersion: version };
  return { ...anIncident({ ...columns, ...kept }), details };
};

/**
 * Each was written by that version: P3, started, both rungs of the response clock taken, on hold until
 * Tuesday. In version 2 its requester has asked for news on Monday at ten.
 */
describe.each([1, 2])('a snapshot that version %i stored', (version) => {
  it('holds what the present code calls the details of an incident', () => {
    const { details } = underPresent(incidentProcess, ticketOf(version));
    expect(IncidentDetailsShape.strict().safeParse(details).error).toBeUndefined();
  });

  it('goes on where it was: hold, agenda and clocks still mean the same', () => {
    const told = tell(ticketOf(version), [until(later({ days: 1 }))]);
    expect(eventsOf(told).filter((type) => type !== 'definitionMoved')).toEqual([
      'slaEscalated',
      'resumed',
    ]);
    expect(told.ticket.state).toBe('inProgress');
    // 24 business hours from Monday nine, less the 3.5 of Monday's hold.
    expect(told.ticket.agenda.find(({ key }) => key === 'sla.resolution.100')?.at).toBe(
      later({ days: 3, hours: 3, minutes: 30 }),
    );
  });

  it('knows a step that was taken, so that it is not taken again', () => {
    const [response] = upcast(read(version)).clocks;
    expect(response).toMatchObject({
      ...{ id: 'response', target: 'response', countsFrom: monday, termsSince: monday },
      passed: [
        { step: '75', time: 0, due: later({ hours: 3 }), at: later({ hours: 3 }) },
        { step: '100', time: 0, due: later({ hours: 4 }), at: later({ hours: 4 }) },
      ],
      breaches: [{ due: later({ hours: 4 }), at: later({ hours: 4 }), withdrawnAt: null }],
    });
  });

  it('is not changed by being read', () => {
    const before = read(version);
    upcast(before);
    expect(before).toEqual(read(version));
  });
});

describe('a snapshot of before policies had rules', () => {
  it('takes the stop of its response clock for the first answer', () => {
    const { clocks, ...others } = read(1);
    const [response, resolution] = clocks;
    const stoppedAt = later({ hours: 1 });
    const answered = {
      ...others,
      clocks: [{ ...response, state: 'stopped', stoppedAt }, resolution],
    };
    expect(upcast(z.custom<Snapshot>().parse(answered)).answeredAt).toBe(stoppedAt);
    expect(upcast(read(1))).toMatchObject({ answeredAt: null, unansweredSince: null });
  });

  it('has clocks of no rule, which climb the standard ladder', () => {
    expect(upcast(read(1)).clocks.map(({ terms }) => terms)).toMatchObject([
      { rule: null, onChange: 'keepElapsed', targetSeconds: 14_400 },
      { rule: null, onChange: 'keepElapsed', targetSeconds: 86_400 },
    ]);
  });
});

describe('a stored snapshot', () => {
  it('of the present version is read as it was written', () => {
    expect(upcast(stored())).toEqual(stored());
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

  it('of newer code is an outage: tried again, by then perhaps by newer code', () => {
    const read = () => upcast({ ...stored(), v: snapshotVersion + 1 });
    expect(read).toThrow(SnapshotTooNew);
    expect(isOutage(new SnapshotTooNew('x'))).toBe(true);
  });
});
